import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  type AlertRoute,
  type AlertTrigger,
  createAlertRule,
  getAlertRule,
  updateAlertRule,
} from '../../../../server/engage/alerts/contract/rules.ts'
import { severities, topics } from '../../../../server/engage/notices/contract/shapes.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { Screen } from '../../../frame/screen.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Checkbox, Field, RadioGroup, Select, Textarea, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Page, Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { Permitted } from '../permitted.tsx'
import './alert-rules.css'
import { Preview } from './preview.tsx'
import { RoutingFields } from './routing-fields.tsx'
import { TriggerFields } from './trigger-fields.tsx'

type Rule = RouteReply<typeof getAlertRule>

const states = ['enabled', 'draft', 'paused'] as const
const stale = ['/api/v1/alert-rules', '/api/v1/alerts']
const firstRouting: AlertRoute[] = [{ when: null, assign: [{ kind: 'owner' }], notify: [], channels: [] }]

export function NewAlertRulePage() {
  const t = useText()
  return (
    <RuleScreen title={t('rules.new')}>
      <RuleForm />
    </RuleScreen>
  )
}

export function EditAlertRulePage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/settings/alert-rules/$id' })
  const { data, error } = useRoute(getAlertRule, { params: { id } })
  return (
    <RuleScreen title={data?.nameJa ?? t('rules.edit')}>
      {error && !data ? (
        <Note tone="red" alert>
          {wordsOf(error, t)}
        </Note>
      ) : data?.id === id ? (
        <RuleForm key={id} rule={data} />
      ) : (
        <SkeletonRows rows={10} />
      )}
    </RuleScreen>
  )
}

function RuleScreen({ title, children }: { title: string; children: React.ReactNode }) {
  const t = useText()
  return (
    <Screen title={title} crumbs={[{ label: t('rules.title'), to: '/settings/alert-rules' }]}>
      <Page>
        <Permitted permission="alerts.manage">{children}</Permitted>
      </Page>
    </Screen>
  )
}

function RuleForm({ rule }: { rule?: Rule }) {
  const t = useText()
  const navigate = useNavigate()
  const [trigger, setTrigger] = useState<AlertTrigger>(rule?.trigger ?? { kind: 'score_below', below: 40 })
  const [routing, setRouting] = useState<readonly AlertRoute[]>(rule?.routing ?? firstRouting)
  const [state, setState] = useState<(typeof states)[number]>(states.find(each => each === rule?.state) ?? 'enabled')
  const create = useCommand(createAlertRule, { quiet: true, stale })
  const update = useCommand(updateAlertRule, { quiet: true, stale })
  const leave = () => void navigate({ to: '/settings/alert-rules' })
  const byCustomer = trigger.kind !== 'kpi'
  return (
    <Form
      submit={t(rule ? 'rules.save' : 'rules.create')}
      onCancel={leave}
      onSubmit={async values => {
        const nameJa = values.text('nameJa')
        const body = {
          nameJa,
          nameEn: values.text('nameEn') || nameJa,
          adviceJa: values.text('adviceJa'),
          adviceEn: values.text('adviceEn') || values.text('adviceJa'),
          severity: severities.find(each => each === values.text('severity')) ?? 'medium',
          topic: topics.find(each => each === values.text('topic')) ?? 'risk',
          trigger,
          dueHours: values.number('dueHours') ?? null,
          routing: byCustomer ? [...routing] : routing.map(route => ({ ...route, when: null })).slice(0, 1),
          pace: values.text('pace') === 'digest' ? ('digest' as const) : ('now' as const),
          maySnooze: values.flag('maySnooze'),
          closesItself: values.flag('closesItself'),
          state,
        }
        if (rule) await update.run({ params: { id: rule.id }, body })
        else await create.run({ body })
        toastDone(t('rules.saved'))
        leave()
      }}
    >
      <div className="l-form">
        <div className="l-main">
          <Section title={t('rules.what')}>
            <div className="l-fields">
              <TriggerFields trigger={trigger} onChange={setTrigger} />
            </div>
          </Section>
          <Section title={t('rules.alert')}>
            <div className="l-fields">
              <AlertFields rule={rule} />
            </div>
          </Section>
          <Section title={t('rules.routing')} note={byCustomer ? t('rules.routingText') : undefined}>
            <RoutingFields routing={routing} byCustomer={byCustomer} onChange={setRouting} />
          </Section>
        </div>
        <aside className="l-rail">
          <Preview trigger={trigger} />
          <RadioGroup
            label={t('rules.saveAs')}
            name="state"
            value={state}
            onChange={next => setState(states.find(each => each === next) ?? state)}
            options={states.map(value => ({
              value,
              label: t(`rules.state.${value}`),
              ...(value === 'enabled' && { hint: t('rules.enabledAtOnce') }),
            }))}
          />
        </aside>
      </div>
    </Form>
  )
}

function AlertFields({ rule }: { rule: Rule | undefined }) {
  const t = useText()
  return (
    <>
      <div className="l-line" data-wide>
        <Field label={t('rules.nameJa')} name="nameJa" required>
          <TextInput maxLength={100} autoComplete="off" defaultValue={rule?.nameJa} />
        </Field>
        <Field label={t('rules.nameEn')} name="nameEn" hint={t('rules.nameEnHint')}>
          <TextInput maxLength={100} autoComplete="off" defaultValue={rule?.nameEn} />
        </Field>
      </div>
      <div className="l-line" data-wide>
        <Field label={t('rules.severity')} name="severity" required>
          <Select
            defaultValue={rule?.severity ?? 'high'}
            options={severities.toReversed().map(value => ({ value, label: t(`alerts.severity.${value}`) }))}
          />
        </Field>
        <Field label={t('rules.topic')} name="topic" required hint={t('rules.topicHint')}>
          <Select
            defaultValue={rule?.topic ?? 'risk'}
            options={topics.map(value => ({ value, label: t(`notices.topic.${value}`) }))}
          />
        </Field>
      </div>
      <div className="l-line" data-wide>
        <Field label={t('rules.due')} name="dueHours" hint={t('rules.dueHint')}>
          <TextInput type="number" min={1} max={8_760} step={1} defaultValue={rule?.dueHours ?? (rule ? '' : 24)} />
        </Field>
        <Field label={t('rules.pace')} name="pace" required>
          <Select
            defaultValue={rule?.pace ?? 'now'}
            options={(['now', 'digest'] as const).map(value => ({ value, label: t(`rules.pace.${value}`) }))}
          />
        </Field>
      </div>
      <Field label={t('rules.adviceJa')} name="adviceJa">
        <Textarea rows={2} maxLength={1_000} defaultValue={rule?.adviceJa} />
      </Field>
      <Field label={t('rules.adviceEn')} name="adviceEn">
        <Textarea rows={2} maxLength={1_000} defaultValue={rule?.adviceEn} />
      </Field>
      <Checkbox name="maySnooze" label={t('rules.maySnooze')} defaultChecked={rule?.maySnooze ?? true} />
      <Checkbox name="closesItself" label={t('rules.closesItself')} defaultChecked={rule?.closesItself ?? true} />
    </>
  )
}
