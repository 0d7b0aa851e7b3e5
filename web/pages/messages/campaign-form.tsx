import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import {
  createCampaign,
  getCampaign,
  previewAudience,
  updateCampaign,
} from '../../../server/engage/messages/contract/campaigns.ts'
import { listSenders } from '../../../server/engage/messages/contract/settings.ts'
import type { Audience } from '../../../server/engage/messages/contract/shapes.ts'
import { listTemplates } from '../../../server/engage/messages/contract/templates.ts'
import { listTopics } from '../../../server/engage/messages/contract/topics.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useAnswer } from '../../api/answer.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Checkbox, Field, RadioGroup, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import './messages.css'

type Campaign = RouteReply<typeof getCampaign>

/** A campaign that is made. */
export function NewCampaignPage() {
  const t = useText()
  return (
    <Screen title={t('mailing.newCampaign')}>
      <Page>
        <CampaignForm />
      </Page>
    </Screen>
  )
}

/** A campaign that has not started and is changed. */
export function EditCampaignPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/messages/campaigns/$id/edit' })
  const { data, error } = useRoute(getCampaign, { params: { id } })
  return (
    <Screen title={data?.name ?? t('mailing.title')}>
      <Page>
        {error ? (
          <EmptyState title={t('mailing.title')} text={wordsOf(error, t)} />
        ) : data ? (
          <CampaignForm campaign={data} />
        ) : (
          <SkeletonRows rows={6} />
        )}
      </Page>
    </Screen>
  )
}

function CampaignForm({ campaign }: { campaign?: Campaign }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const { data: templates } = useRoute(listTemplates, { query: {} })
  const { data: topics } = useRoute(listTopics)
  const { data: senders } = useRoute(listSenders)
  const { data: segments } = useRoute(listSegments, { query: { state: 'enabled' } })
  const first = campaign?.audience
  const [kind, setKind] = useState<'segment' | 'condition'>(first?.kind ?? 'segment')
  const [segmentId, setSegmentId] = useState(first?.kind === 'segment' ? first.id : '')
  const [condition, setCondition] = useState<Condition>(first?.kind === 'condition' ? first.condition : { all: [] })
  const [goal, setGoal] = useState(campaign?.goal ?? null)
  const [topicId, setTopicId] = useState(campaign?.topicId ?? '')
  const create = useCommand(createCampaign, { quiet: true, stale: [createCampaign.path] })
  const update = useCommand(updateCampaign, { quiet: true, stale: [createCampaign.path] })
  const open = (id: string) => void navigate({ to: '/messages/campaigns/$id', params: { id } })
  if (!templates || !topics || !senders || !segments) return <SkeletonRows rows={6} />
  if (templates.items.length === 0 || topics.items.length === 0) {
    return (
      <EmptyState
        title={t('mailing.newCampaign')}
        text={t('mailing.noTopics')}
        actions={
          <>
            <Link to="/settings/messages" className="k-button">
              {t('mailing.toTopics')}
            </Link>
            <Link to="/messages/templates/new" className="k-button">
              {t('mailing.newTemplate')}
            </Link>
          </>
        }
      />
    )
  }
  const audience: Audience = kind === 'segment' ? { kind, id: segmentId } : { kind, condition }
  const isWhole = topicId !== '' && (kind === 'condition' || segmentId !== '')
  return (
    <Form
      submit={t(campaign ? 'mailing.save' : 'mailing.create')}
      onCancel={() => (campaign ? open(campaign.id) : void navigate({ to: '/messages' }))}
      onSubmit={async values => {
        const body = {
          name: values.text('name'),
          templateId: values.text('templateId'),
          topicId,
          senderId: values.optional('senderId') ?? null,
          audience,
          goal: goal && { ...goal, withinDays: values.number('goal.withinDays') ?? 0 },
        }
        const saved = campaign ? await update.run({ params: { id: campaign.id }, body }) : await create.run({ body })
        open(saved.id)
      }}
    >
      <div className="m-form" data-rail>
        <div className="m-main">
          <Field label={t('mailing.name')} name="name" required>
            <TextInput maxLength={100} defaultValue={campaign?.name} />
          </Field>
          <Field label={t('mailing.template')} name="templateId" required>
            <Select
              defaultValue={campaign?.templateId}
              placeholder="–"
              options={templates.items.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Field>
          <Field label={t('mailing.topic')} name="topicId" required hint={t('mailing.topicHint')}>
            <Select
              value={topicId}
              onChange={event => setTopicId(event.currentTarget.value)}
              placeholder="–"
              options={topics.items.map(topic => ({
                value: topic.id,
                label: `${nameOf(topic, locale)} (${t(`mailing.kind.${topic.kind}`)})`,
              }))}
            />
          </Field>
          <Field label={t('mailing.sender')} name="senderId">
            <Select
              defaultValue={campaign?.senderId ?? ''}
              placeholder={t('mailing.sender.default')}
              options={senders.items.map(({ id, name, localPart, domain }) => ({
                value: id,
                label: `${name} <${localPart}@${domain}>`,
              }))}
            />
          </Field>
          <RadioGroup
            label={t('mailing.audience')}
            name="audience"
            value={kind}
            onChange={next => setKind(next === 'condition' ? 'condition' : 'segment')}
            options={(['segment', 'condition'] as const).map(value => ({
              value,
              label: t(`mailing.audience.${value}`),
            }))}
          />
          {kind === 'segment' ? (
            <Field label={t('mailing.audience.segment')} name="segmentId" required>
              <Select
                value={segmentId}
                onChange={event => setSegmentId(event.currentTarget.value)}
                placeholder="–"
                options={segments.items.map(segment => ({ value: segment.id, label: nameOf(segment, locale) }))}
              />
            </Field>
          ) : (
            <section aria-label={t('mailing.audience.condition')}>
              <ConditionBuilder record="contact" value={condition} onChange={setCondition} />
            </section>
          )}
          <Checkbox
            label={t('mailing.goal')}
            hint={t('mailing.goalHint')}
            checked={goal !== null}
            onChange={event => setGoal(event.currentTarget.checked ? { condition: { all: [] }, withinDays: 14 } : null)}
          />
          {goal && (
            <section aria-label={t('mailing.goal')} className="m-stack">
              <ConditionBuilder
                record="contact"
                value={goal.condition}
                onChange={next => setGoal({ ...goal, condition: next })}
              />
              <Field label={t('mailing.goalDays')} name="goal.withinDays" required>
                <TextInput type="number" min={1} max={90} defaultValue={goal.withinDays} />
              </Field>
            </section>
          )}
        </div>
        <aside>
          <AudiencePreview call={isWhole ? { audience, topicId } : null} />
        </aside>
      </div>
    </Form>
  )
}

/** How many would get it now, and who is left out for which reason. */
export function AudiencePreview({ call }: { call: { audience: Audience; topicId: string } | null }) {
  const t = useText()
  const format = useFormat()
  const { shown, fault } = useAnswer(previewAudience, call ? { body: call } : null)
  return (
    <div aria-live="polite" className="m-stack">
      <p className="k-label">{t('mailing.reached')}</p>
      {fault ? (
        <p className="text-red">{fault}</p>
      ) : (
        <p className="q-count">
          <strong>{call && shown ? format.number(shown.reached) : '–'}</strong>
          {call && shown && <span className="text-t3"> / {format.number(shown.contacts)}</span>}
        </p>
      )}
      {call && shown && shown.left.length > 0 && (
        <ul>
          {shown.left.map(({ reason, contacts }) => (
            <li key={reason} className="m-line">
              <span>{t(`mailing.reason.${reason}` as 'mailing.reason.left')}</span>
              <span className="k-number">{format.number(contacts)}</span>
            </li>
          ))}
        </ul>
      )}
      {call && shown && shown.samples.length > 0 && (
        <ul className="text-t3">
          {shown.samples.map(({ id, name, customerName }) => (
            <li key={id}>{customerName ? `${name} · ${customerName}` : name}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
