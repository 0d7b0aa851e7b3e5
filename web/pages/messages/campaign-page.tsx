import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import * as contract from '../../../server/engage/messages/contract/campaigns.ts'
import { listTemplates } from '../../../server/engage/messages/contract/templates.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { TestDialog } from '../../features/messages/test-dialog.tsx'
import { ContactSelect } from '../../features/record/record-select.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog, Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Columns, Facts, Page, PageHead, Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { AudiencePreview } from './campaign-form.tsx'
import { Recipients } from './recipients.tsx'
import { campaignTone } from './tone.ts'
import './messages.css'

type Campaign = RouteReply<typeof contract.getCampaign>

const moving = new Set(['preparing', 'sending'])
/** How often a campaign that moves is looked at (ms). */
const pace = 2_000

/** One campaign: its state while it moves, what came of it, and who got it. */
export function CampaignPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/messages/campaigns/$id' })
  const { data, error, refetch } = useRoute(contract.getCampaign, { params: { id } })
  const isMoving = data !== undefined && moving.has(data.state)
  useEffect(() => {
    if (!isMoving) return
    const timer = setInterval(() => void refetch(), pace)
    return () => clearInterval(timer)
  }, [isMoving, refetch])
  return (
    <Screen
      title={data?.name ?? t('mailing.title')}
      crumbs={[{ label: t('mailing.title'), to: '/messages' }]}
      actions={data && <Actions campaign={data} />}
    >
      <Page>
        {error && <EmptyState title={t('mailing.title')} text={wordsOf(error, t)} />}
        {!data && !error && <SkeletonRows rows={6} />}
        {data && <Content campaign={data} />}
      </Page>
    </Screen>
  )
}

function Content({ campaign }: { campaign: Campaign }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const hasBegun = campaign.startedAt !== null
  const topic = nameOf({ nameJa: campaign.topicNameJa, nameEn: campaign.topicNameEn }, locale)
  return (
    <>
      <PageHead text={<Badge tone={campaignTone[campaign.state]}>{t(`mailing.state.${campaign.state}`)}</Badge>}>
        <Facts
          facts={[
            { label: t('mailing.template'), value: campaign.templateName },
            { label: t('mailing.topic'), value: topic },
            {
              label: t(hasBegun ? 'mailing.startedAt' : 'mailing.scheduleAt'),
              value: campaign.startedAt
                ? format.dateTime(campaign.startedAt)
                : campaign.scheduledAt
                  ? format.dateTime(campaign.scheduledAt)
                  : '–',
            },
          ]}
        />
      </PageHead>
      {campaign.fault && <Note tone="red">{campaign.fault}</Note>}
      {campaign.hold === 'restored' ? (
        <Note tone="orange">{t('mailing.restoredText')}</Note>
      ) : (
        campaign.state === 'late' && <Note tone="orange">{t('mailing.lateText')}</Note>
      )}
      {hasBegun ? (
        <>
          <Columns main={<Funnel campaign={campaign} />} rail={<Rest figures={campaign.figures} />} />
          <Section title={t('mailing.recipients')} flush>
            <Recipients campaign={campaign} />
          </Section>
        </>
      ) : (
        <Section title={t('mailing.audience')}>
          <AudiencePreview call={{ audience: campaign.audience, topicId: campaign.topicId }} />
        </Section>
      )}
    </>
  )
}

/** From the audience to what it led to, where the campaign has a goal. */
function Funnel({ campaign: { figures, goal } }: { campaign: Campaign }) {
  const t = useText()
  const format = useFormat()
  const steps = [
    'audience',
    'sent',
    'delivered',
    'opened',
    'clicked',
    ...(goal ? (['converted'] as const) : []),
  ] as const
  return (
    <Section title={t('mailing.funnel')}>
      <ul className="m-funnel">
        {steps.map(step => (
          <li key={step}>
            <span>{t(`mailing.figure.${step}`)}</span>
            <span className="m-bar">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * figures[step]) / Math.max(1, figures.audience)} height="8" />
              </svg>
            </span>
            <span className="m-figure">
              {format.number(figures[step])}
              {step !== 'audience' && figures.sent > 0 && (
                <small className="text-t3">
                  {' '}
                  {format.percent(figures[step] / (step === 'sent' ? Math.max(1, figures.audience) : figures.sent))}
                </small>
              )}
            </span>
          </li>
        ))}
      </ul>
      {goal && <p className="text-t3">{t('mailing.goalNote', { days: goal.withinDays })}</p>}
      {figures.machineOpened + figures.machineClicked > 0 && (
        <p className="text-t3">
          {t('mailing.machines', { opened: figures.machineOpened, clicked: figures.machineClicked })}
        </p>
      )}
    </Section>
  )
}

const others = [
  'pending',
  'suppressed',
  'failed',
  'uncertain',
  'kept',
  'bounced',
  'complained',
  'unsubscribed',
] as const

function Rest({ figures }: { figures: Campaign['figures'] }) {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={t('mailing.state')}>
      <Pairs
        pairs={others.map(other => [
          t(`mailing.figure.${other}`),
          format.number(other === 'pending' ? figures.pending + figures.sending : figures[other]),
        ])}
      />
    </Section>
  )
}

function Actions({ campaign }: { campaign: Campaign }) {
  const t = useText()
  const navigate = useNavigate()
  const mayManage = useMay('messages.manage')
  const [asked, setAsked] = useState<'start' | 'schedule' | 'cancel' | 'delete' | 'test'>()
  const stale = [contract.listCampaigns.path]
  const start = useCommand(contract.startCampaign, { stale })
  const pause = useCommand(contract.pauseCampaign, { stale })
  const resume = useCommand(contract.resumeCampaign, { stale })
  const cancel = useCommand(contract.cancelCampaign, { stale })
  const remove = useCommand(contract.deleteCampaign, {
    stale,
    onDone: () => void navigate({ to: '/messages' }),
  })
  if (!mayManage) return null
  const params = { id: campaign.id }
  const { state } = campaign
  const isOpen = state === 'draft' || state === 'scheduled' || state === 'late'
  const close = () => setAsked(undefined)
  return (
    <>
      {isOpen && (
        <>
          <Link to="/messages/campaigns/$id/edit" params={params} className="k-button" data-size="small">
            {t('mailing.edit')}
          </Link>
          <Button size="small" onClick={() => setAsked('delete')}>
            {t('mailing.delete')}
          </Button>
          <Button size="small" onClick={() => setAsked('test')}>
            {t('mailing.test')}
          </Button>
          <Button size="small" onClick={() => setAsked('schedule')}>
            {t('mailing.schedule')}
          </Button>
          <Button size="small" kind="primary" onClick={() => setAsked('start')}>
            {t('mailing.start')}
          </Button>
        </>
      )}
      {state === 'sending' && (
        <Button size="small" pending={pause.pending} onClick={() => void pause.run({ params })}>
          {t('mailing.pause')}
        </Button>
      )}
      {(moving.has(state) || state === 'paused') && (
        <Button size="small" onClick={() => setAsked('cancel')}>
          {t('mailing.cancel')}
        </Button>
      )}
      {state === 'paused' && (
        <Button size="small" kind="primary" pending={resume.pending} onClick={() => void resume.run({ params })}>
          {t('mailing.resume')}
        </Button>
      )}
      {asked === 'test' && <CampaignTest campaign={campaign} onClose={close} />}
      <StartDialog
        campaign={campaign}
        open={asked === 'start'}
        onClose={close}
        onStart={() => start.run({ params, body: {} })}
      />
      <Dialog open={asked === 'schedule'} onClose={close} title={t('mailing.schedule')}>
        <Form
          submit={t('mailing.schedule')}
          onCancel={close}
          onSubmit={async values => {
            await start.run({ params, body: { at: new Date(values.text('at')).toISOString() } })
            close()
          }}
        >
          <Field label={t('mailing.scheduleAt')} name="at" required hint={t('mailing.scheduleHint')}>
            <TextInput type="datetime-local" />
          </Field>
        </Form>
      </Dialog>
      <ConfirmDialog
        open={asked === 'cancel'}
        onClose={close}
        title={t('mailing.cancelTitle')}
        text={t('mailing.cancelText')}
        confirm={t('mailing.cancel')}
        destroys
        onConfirm={() => cancel.run({ params })}
      />
      <ConfirmDialog
        open={asked === 'delete'}
        onClose={close}
        title={t('mailing.deleteTitle')}
        text={t('mailing.deleteText')}
        confirm={t('mailing.delete')}
        destroys
        onConfirm={() => remove.run({ params })}
      />
    </>
  )
}

/** What the campaign says to somebody, and a test by its sender. */
function CampaignTest({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const t = useText()
  const [contact, setContact] = useState({ id: '', name: '' })
  const template = useRoute(listTemplates, { query: {} }).data?.items.find(({ id }) => id === campaign.templateId)
  if (!template) return null
  return (
    <TestDialog
      template={template}
      whom={contact.id === '' ? {} : { contactId: contact.id }}
      senderId={campaign.senderId}
      onClose={onClose}
    >
      <Field label={t('mailing.previewContact')}>
        <ContactSelect value={contact} onChange={setContact} />
      </Field>
    </TestDialog>
  )
}

interface StartDialogProps {
  campaign: Campaign
  open: boolean
  onClose: () => void
  onStart: () => Promise<unknown>
}

/** Asks before anything leaves, with how many will get it. */
function StartDialog({ campaign, open, onClose, onStart }: StartDialogProps) {
  const t = useText()
  const preview = useCommand(contract.previewAudience, { quiet: true, stale: [] })
  const [count, setCount] = useState<number>()
  const { run } = preview
  const call = JSON.stringify({ audience: campaign.audience, topicId: campaign.topicId })
  useEffect(() => {
    if (open)
      run({ body: JSON.parse(call) }).then(
        reply => setCount(reply.reached),
        () => setCount(undefined),
      )
  }, [open, run, call])
  return (
    <ConfirmDialog
      open={open && count !== undefined}
      onClose={onClose}
      title={t('mailing.startTitle', { count: count ?? 0 })}
      text={t('mailing.startText')}
      confirm={t('mailing.start')}
      onConfirm={onStart}
    />
  )
}
