import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { applyBlueprint, planBlueprint } from '../../server/blueprints/programmes/contract/blueprints.ts'
import { createImport } from '../../server/collect/imports/contract/imports.ts'
import { createImportMapping } from '../../server/collect/imports/contract/mappings.ts'
import { makeSource } from '../../server/collect/ingest/contract/sources.ts'
import { makeWebhookEndpoint } from '../../server/collect/webhooks/contract.ts'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { createContacts } from '../../server/customers/contacts/commands/save.ts'
import { createAlertRule } from '../../server/engage/alerts/contract/rules.ts'
import { runDue } from '../../server/engage/flows/commands/run.ts'
import { enrol, listRequests } from '../../server/engage/flows/contract/enrolments.ts'
import { createFlow, publishFlow } from '../../server/engage/flows/contract/flows.ts'
import { addSuppression, createProvider, createSender } from '../../server/engage/messages/contract/settings.ts'
import { saveSharedBlock } from '../../server/engage/messages/contract/templates.ts'
import { bulkCreateTasks } from '../../server/engage/tasks/contract/bulk.ts'
import { createCalendarLink } from '../../server/engage/tasks/contract/calendar.ts'
import { createTask } from '../../server/engage/tasks/contract/tasks.ts'
import { listMySessions } from '../../server/platform/identity/contract/account.ts'
import { createApiKey, createTeam, inviteMember } from '../../server/platform/identity/contract/company.ts'
import { churnSettings } from '../../server/signals/churn/contract/settings.ts'
import { createStage } from '../../server/signals/lifecycle/contract/stages.ts'
import { createOwnMetric } from '../../server/signals/metrics/contract.ts'
import { createRiskSignal } from '../../server/signals/risks/contract.ts'
import { pluginMarketplace } from '../../server/signals/scorecards/catalog.ts'
import { createScorecard } from '../../server/signals/scorecards/contract/cards.ts'
import { createScoringRule } from '../../server/signals/scoring/contract/rules.ts'
import { createSegment } from '../../server/signals/segments/contract.ts'
import type { TestApplication } from './application.ts'
import { asSystem, newMember, type TestCompany } from './factories.ts'
import { inAppTargets } from './in-app.ts'
import { blocks, content, writeCampaign, writeTemplate } from './messages.ts'
import { onboardingTargets } from './onboarding-targets.ts'
import { recordTargets } from './record-targets.ts'

export type MatrixTargets = Record<string, { foreign: string | number; missing: string | number; body?: object }>

const missing = '01890000-0000-7000-8000-00000000dead'

/** An id of a company for each route with one, one that there is not, and a body that the route accepts. */
export async function matrixTargets(application: TestApplication, other: TestCompany): Promise<MatrixTargets> {
  const { admin } = other
  const member = (await newMember(other, 'csm')).memberId
  const invitation = (await admin.call(inviteMember, { body: { email: 'a@example.test', role: 'csm' } })).body.id
  const team = (await admin.call(createTeam, { body: { name: '東日本', memberIds: [] } })).body.id
  const key = (await admin.call(createApiKey, { body: { name: 'k', role: 'analyst' } })).body.id
  const session = (await admin.call(listMySessions)).body.items[0]!.id
  const job = await application.pool.query(
    `insert into job (tenant_id, name, payload, max_attempts, state) values ($1, 'test.nothing', '{}', 1, 'failed') returning id`,
    [other.tenantId],
  )
  const file = { kind: 'customers', fileName: 'a.csv', size: 3 }
  const dataImport = (await admin.call(createImport, { body: file })).body.id
  const mapping = { assignments: [{ column: 'id', target: 'externalId' }] }
  const saved = { name: 'm', kind: 'customers', mapping }
  const importMapping = (await admin.call(createImportMapping, { body: saved })).body.id
  const source = (await admin.call(makeSource, { body: { name: '製品', kind: 'server' } })).body.id
  const webhook = (await admin.call(makeWebhookEndpoint, { body: { name: '製品' } })).body.id
  const definition = { kind: 'events' as const, measure: 'count' as const, events: [], where: [], days: 7 }
  const metricBody = {
    labelJa: '数',
    labelEn: 'n',
    description: null,
    unit: 'count' as const,
    direction: 'up' as const,
    definition,
  }
  const metric = (await admin.call(createOwnMetric, { body: { ...metricBody, key: 'own.n' } })).body.id
  const newSegment = { record: 'customer', nameJa: '対象', nameEn: 'Target', kind: 'static' } as const
  const segment = (await admin.call(createSegment, { body: newSegment })).body.id
  const newSignal = { nameJa: '兆し', nameEn: 'Sign', level: 'high', condition: { all: [] } } as const
  const signal = (await admin.call(createRiskSignal, { body: newSignal })).body.id
  const when = { kind: 'attribute' as const, condition: { all: [] } }
  const blueprint = { source: { blueprint: 'ai-workspace' } }
  const { fingerprint } = (await admin.call(planBlueprint, { body: blueprint })).body
  const applied = (await admin.call(applyBlueprint, { body: { ...blueprint, fingerprint } })).body.id
  const newScoring = { nameJa: '点', nameEn: 'p', part: 'fit' as const, points: 5, when }
  const scoringRule = (await admin.call(createScoringRule, { body: newScoring })).body.id
  const scorecard = (
    await admin.call(createScorecard, { body: { nameJa: '健全度', nameEn: 'Health', definition: pluginMarketplace } })
  ).body.id
  const failure = { kind: 'event', type: 'payment.failed' } as const
  const newRule = { nameJa: '規則', nameEn: 'Rule', severity: 'low', topic: 'risk', trigger: failure } as const
  const rule = (await admin.call(createAlertRule, { body: newRule })).body.id
  const told = await asSystem(other, async ctx => {
    const ids = { channel: randomUUID(), notice: randomUUID(), delivery: randomUUID(), alert: randomUUID() }
    await sql`insert into notice_channel (tenant_id, id, key, name, kind, box, shown) values (${ctx.tenantId}, ${ids.channel}, 'c', 'c', 'slack', '', '')`.execute(
      ctx.tx,
    )
    await sql`insert into notice (tenant_id, id, key, topic, severity, title_ja, title_en, text_ja, text_en, link, created_at)
      values (${ctx.tenantId}, ${ids.notice}, 'k', 'risk', 'low', '', '', '', '', '/', ${ctx.now})`.execute(ctx.tx)
    await sql`insert into notice_delivery (tenant_id, id, notice_id, way, recipient_id, state, created_at, updated_at)
      values (${ctx.tenantId}, ${ids.delivery}, ${ids.notice}, 'channel', ${ids.channel}, 'failed', ${ctx.now}, ${ctx.now})`.execute(
      ctx.tx,
    )
    await sql`insert into alert (tenant_id, id, rule_id, subject_id, state, severity, rank, opened_at, updated_at)
      values (${ctx.tenantId}, ${ids.alert}, ${rule}, ${ctx.tenantId}, 'open', 'low', 4, ${ctx.now}, ${ctx.now})`.execute(
      ctx.tx,
    )
    return ids
  })
  const stage = (await admin.call(createStage, { body: { key: 'mql', nameJa: 'MQL', nameEn: 'MQL' } })).body.id
  const moved = await asSystem(other, async ctx => {
    const ids = { contact: randomUUID(), move: randomUUID(), action: randomUUID() }
    await createContacts(ctx, [{ id: ids.contact, values: { name: '見込み客' } }], { origin: 'ingest' })
    await sql`insert into lifecycle_move (tenant_id, id, contact_id, at, cause, entered, acts)
      values (${ctx.tenantId}, ${ids.move}, ${ids.contact}, ${ctx.now}, 'rule', '{}', false)`.execute(ctx.tx)
    await sql`insert into lifecycle_action (tenant_id, id, move_id, contact_id, place, kind, action, state, created_at, updated_at)
      values (${ctx.tenantId}, ${ids.action}, ${ids.move}, ${ids.contact}, 0, 'sync', '{}', 'failed', ${ctx.now}, ${ctx.now})`.execute(
      ctx.tx,
    )
    return ids
  })
  const model = randomUUID()
  await asSystem(other, ctx =>
    sql`insert into churn_model (tenant_id, id, version, state, settings, seed, created_at)
      values (${ctx.tenantId}, ${model}, 1, 'ready', ${JSON.stringify(churnSettings.parse({}))}::jsonb, 1, ${ctx.now})`.execute(
      ctx.tx,
    ),
  )
  const used = { customer: randomUUID(), contact: randomUUID() }
  await asSystem(other, async ctx => {
    await createCustomers(ctx, [{ id: used.customer, values: { name: '利用中' } }], { origin: 'ingest' })
    await createContacts(ctx, [{ id: used.contact, values: { name: '利用者' } }], { origin: 'ingest' })
  })
  const task = (await admin.call(createTask, { body: { title: '連絡' } })).body.id
  const batch = (await admin.call(bulkCreateTasks, { body: { ids: [used.customer], task: { title: '連絡' } } })).body
    .batchId!
  const calendar = (await admin.call(createCalendarLink, { body: { name: 'c' } })).body.id
  const document = {
    subject: 'customer',
    triggers: [{ kind: 'manual' }],
    start: 'ask',
    steps: [
      {
        key: 'ask',
        kind: 'approval',
        question: '続けますか',
        approvers: [{ kind: 'role', role: 'administrator' }],
        withinHours: 1,
        approved: null,
        refused: null,
        silent: null,
      },
    ],
  }
  const names = { nameJa: 'フロー', nameEn: 'Flow' }
  const flow = (await admin.call(createFlow, { body: { ...names, document } })).body.id
  await admin.call(publishFlow, { params: { id: flow }, body: {} })
  await admin.call(enrol, { params: { id: flow }, body: { subjectIds: [used.customer] } })
  await asSystem(other, ctx => runDue(ctx))
  const flowRequest = (await admin.call(listRequests)).body.items[0]!
  const written = await writeTemplate(other)
  const campaign = await writeCampaign(other, written)
  const shared = (await admin.call(saveSharedBlock, { body: { key: 'foot', name: '末尾', content: { ja: blocks } } }))
    .body.id
  const newSender = { name: '営業部', localPart: 'news', domain: 'minato.test' }
  const sender = (await admin.call(createSender, { body: newSender })).body.id
  const suppression = (await admin.call(addSuppression, { body: { address: 'a@example.test', note: 'x' } })).body.id
  const credential = 'arn:aws:sns:us-east-1:123456789012:a'
  const provider = (await admin.call(createProvider, { body: { kind: 'ses', name: 'SES', credential } })).body.id
  const records = Object.entries(await recordTargets(other)).map(([operation, target]) => [
    operation,
    { ...target, missing },
  ])
  return {
    ...Object.fromEntries(records),
    getFlow: { foreign: flow, missing },
    updateFlow: { foreign: flow, missing, body: { nameJa: '別' } },
    deleteFlow: { foreign: flow, missing },
    publishFlow: { foreign: flow, missing, body: {} },
    changeFlowState: { foreign: flow, missing, body: { to: 'paused' } },
    testSavedFlow: { foreign: flow, missing, body: { subjectId: used.customer } },
    listFlowVersions: { foreign: flow, missing },
    ...Object.fromEntries(
      ['countFlowSteps', 'flowResult', 'flowSuccess'].map(name => [name, { foreign: flow, missing }]),
    ),
    exportFlow: { foreign: flow, missing },
    rotateFlowHook: { foreign: flow, missing },
    enrol: { foreign: flow, missing, body: { subjectIds: [used.customer] } },
    previewFlowMove: { foreign: flow, missing, body: {} },
    moveEnrolments: { foreign: flow, missing, body: {} },
    listFlowRefusals: { foreign: flow, missing },
    getEnrolment: { foreign: flowRequest.enrolmentId, missing },
    decideFlowRequest: { foreign: flowRequest.id, missing, body: { approve: true } },
    getReturnBasis: { foreign: used.customer, missing },
    getCustomerUsage: { foreign: used.customer, missing },
    getContactUsage: { foreign: used.contact, missing },
    getScorecard: { foreign: scorecard, missing },
    updateScorecard: { foreign: scorecard, missing, body: { nameJa: '別' } },
    publishScorecard: { foreign: scorecard, missing, body: {} },
    deleteScorecard: { foreign: scorecard, missing },
    listScorecardVersions: { foreign: scorecard, missing },
    previewScorecard: { foreign: scorecard, missing, body: { definition: pluginMarketplace } },
    previewScorecardCustomers: { foreign: scorecard, missing, body: { definition: pluginMarketplace } },
    backtestScorecard: { foreign: scorecard, missing, body: {} },
    customerHealth: { foreign: used.customer, missing },
    healthChanges: { foreign: used.customer, missing },
    overrideHealth: { foreign: used.customer, missing, body: { score: 1, reason: 'x', expiresOn: '2199-01-01' } },
    endHealthOverride: { foreign: used.customer, missing },
    measureHealth: { foreign: used.customer, missing, body: { key: 'x', value: 1 } },
    getChurnModel: { foreign: model, missing },
    cancelChurnTraining: { foreign: model, missing },
    promoteChurnModel: { foreign: model, missing, body: {} },
    rejectChurnModel: { foreign: model, missing },
    getCustomerChurn: { foreign: used.customer, missing },
    simulateCustomerChurn: {
      foreign: used.customer,
      missing,
      body: { changes: [{ feature: 'usage.login_days_30', value: 1 }] },
    },
    getKpi: { foreign: 'foreign', missing },
    listKpiRows: { foreign: 'foreign', missing },
    exportKpiRows: { foreign: 'foreign', missing },
    setKpiTarget: { foreign: 'foreign', missing, body: { steps: [1] } },
    deleteKpiTarget: { foreign: 'nps', missing },
    getLifecycleStage: { foreign: stage, missing },
    updateLifecycleStage: { foreign: stage, missing, body: { nameJa: '別' } },
    deleteLifecycleStage: { foreign: stage, missing },
    contactLifecycle: { foreign: moved.contact, missing },
    moveContactToStage: { foreign: moved.contact, missing, body: { stage: 'mql' } },
    contactLifecycleActions: { foreign: moved.contact, missing },
    retryLifecycleAction: { foreign: moved.action, missing },
    getTask: { foreign: task, missing },
    updateTask: { foreign: task, missing, body: { title: '別' } },
    deleteTask: { foreign: task, missing },
    completeTask: { foreign: task, missing },
    reopenTask: { foreign: task, missing },
    commentTask: { foreign: task, missing, body: { text: 'x' } },
    undoTasks: { foreign: batch, missing },
    revokeCalendarLink: { foreign: calendar, missing },
    getMessageTemplate: { foreign: written.template, missing },
    updateMessageTemplate: { foreign: written.template, missing, body: { content } },
    testMessageTemplate: { foreign: written.template, missing, body: { language: 'ja' } },
    showMessagePreview: { foreign: written.template, missing },
    deleteMessageBlock: { foreign: shared, missing },
    getCampaign: { foreign: campaign, missing },
    updateCampaign: { foreign: campaign, missing, body: { name: '別' } },
    deleteCampaign: { foreign: campaign, missing },
    startCampaign: { foreign: campaign, missing, body: {} },
    pauseCampaign: { foreign: campaign, missing },
    resumeCampaign: { foreign: campaign, missing },
    cancelCampaign: { foreign: campaign, missing },
    listCampaignMessages: { foreign: campaign, missing },
    updateMessageTopic: { foreign: written.topic, missing, body: { nameJa: '別' } },
    deleteMessageTopic: { foreign: written.topic, missing },
    removeMessageSuppression: { foreign: suppression, missing, body: { note: 'x' } },
    updateMessageSender: { foreign: sender, missing, body: { name: '別' } },
    deleteMessageSender: { foreign: sender, missing },
    checkMessageSender: { foreign: sender, missing },
    deleteMailProvider: { foreign: provider, missing },
    getAlertRule: { foreign: rule, missing },
    scorecardAlertEffect: { foreign: scorecard, missing, body: { definition: pluginMarketplace } },
    getBlueprintApplication: { foreign: applied, missing },
    updateAlertRule: { foreign: rule, missing, body: { nameJa: '別' } },
    deleteAlertRule: { foreign: rule, missing },
    getAlert: { foreign: told.alert, missing },
    noteOnAlert: { foreign: told.alert, missing, body: { text: 'x' } },
    updateNoticeChannel: { foreign: told.channel, missing, body: { name: '別' } },
    deleteNoticeChannel: { foreign: told.channel, missing },
    testNoticeChannel: { foreign: told.channel, missing },
    retryNoticeDelivery: { foreign: told.delivery, missing },
    getScoringRule: { foreign: scoringRule, missing },
    updateScoringRule: { foreign: scoringRule, missing, body: { points: 6 } },
    deleteScoringRule: { foreign: scoringRule, missing },
    getRiskSignal: { foreign: signal, missing },
    updateRiskSignal: { foreign: signal, missing, body: { nameJa: '別' } },
    deleteRiskSignal: { foreign: signal, missing },
    listRiskSignalCustomers: { foreign: signal, missing },
    getSegment: { foreign: segment, missing },
    updateSegment: { foreign: segment, missing, body: { nameJa: '別' } },
    deleteSegment: { foreign: segment, missing },
    refreshSegment: { foreign: segment, missing },
    changeSegmentMembers: { foreign: segment, missing, body: { add: [], remove: [] } },
    listSegmentMembers: { foreign: segment, missing },
    listSegmentMoves: { foreign: segment, missing },
    segmentStatistics: { foreign: segment, missing },
    customerFigures: { foreign: used.customer, missing },
    updateOwnMetric: { foreign: metric, missing, body: metricBody },
    deleteOwnMetric: { foreign: metric, missing },
    getImport: { foreign: dataImport, missing },
    putImportPart: { foreign: dataImport, missing, body: Buffer.from('a,b') },
    inspectImport: { foreign: dataImport, missing, body: {} },
    putImportMapping: { foreign: dataImport, missing, body: mapping },
    previewImport: { foreign: dataImport, missing },
    dryRunImport: { foreign: dataImport, missing },
    runImport: { foreign: dataImport, missing },
    cancelImport: { foreign: dataImport, missing },
    undoImport: { foreign: dataImport, missing },
    listImportRows: { foreign: dataImport, missing },
    importReport: { foreign: dataImport, missing },
    deleteImport: { foreign: dataImport, missing },
    updateImportMapping: { foreign: importMapping, missing, body: { name: 'n' } },
    deleteImportMapping: { foreign: importMapping, missing },
    uploadToMapping: { foreign: importMapping, missing, body: Buffer.from('a,b') },
    ...(await onboardingTargets(other, { customer: used.customer, member }, missing)),
    ...(await inAppTargets(other, source, missing)),
    getSource: { foreign: source, missing },
    updateSource: { foreign: source, missing, body: { name: '別名' } },
    rotateSourceKey: { foreign: source, missing },
    revealSourceKey: { foreign: source, missing },
    listSourceEvents: { foreign: source, missing },
    listSourceFindings: { foreign: source, missing },
    listSourceRates: { foreign: source, missing },
    updateWebhookEndpoint: { foreign: webhook, missing, body: { name: '別名' } },
    rotateWebhookSecret: { foreign: webhook, missing, body: { keepHours: 1 } },
    listWebhookDeliveries: { foreign: webhook, missing },
    getMember: { foreign: member, missing },
    updateMember: { foreign: member, missing, body: { role: 'analyst' } },
    removeMember: { foreign: member, missing },
    revokeInvitation: { foreign: invitation, missing },
    resendInvitation: { foreign: invitation, missing },
    updateTeam: { foreign: team, missing, body: { name: '西日本' } },
    deleteTeam: { foreign: team, missing },
    revokeApiKey: { foreign: key, missing },
    revokeMySession: { foreign: session, missing },
    getMail: { foreign: missing, missing },
    retryJob: { foreign: job.rows[0].id, missing: 999_999_999 },
    cancelJob: { foreign: job.rows[0].id, missing: 999_999_999 },
  }
}
