import { useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Condition } from '../../../../server/catalog/conditions/contract.ts'
import {
  createStage,
  getStage,
  type StageAction,
  stageKinds,
  updateStage,
} from '../../../../server/signals/lifecycle/contract/stages.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { ConditionBuilder } from '../../../features/conditions/builder.tsx'
import { Screen } from '../../../frame/screen.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Segments } from '../../../kit/button.tsx'
import { Checkbox, Field, RadioGroup, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Page, Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { type Stage, staleLifecycle } from '../../lifecycle/stages.ts'
import '../alert-rules/alert-rules.css'
import { Permitted } from '../permitted.tsx'
import { ActionFields } from './action-fields.tsx'
import { Preview } from './preview.tsx'

const states = ['enabled', 'paused'] as const

export function NewStagePage() {
  const t = useText()
  return (
    <StageScreen title={t('lifecycle.settings.new')}>
      <StageForm />
    </StageScreen>
  )
}

export function EditStagePage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/settings/lifecycle/$id' })
  const { data, error } = useRoute(getStage, { params: { id } })
  return (
    <StageScreen title={t('lifecycle.settings.edit')}>
      {error && !data ? (
        <Note tone="red" alert>
          {wordsOf(error, t)}
        </Note>
      ) : data?.id === id ? (
        <StageForm key={id} stage={data} />
      ) : (
        <SkeletonRows rows={10} />
      )}
    </StageScreen>
  )
}

function StageScreen({ title, children }: { title: string; children: ReactNode }) {
  const t = useText()
  return (
    <Screen title={title} crumbs={[{ label: t('lifecycle.settings.title'), to: '/settings/lifecycle' }]}>
      <Page>
        <Permitted permission="leads.manage">{children}</Permitted>
      </Page>
    </Screen>
  )
}

function StageForm({ stage }: { stage?: Stage }) {
  const t = useText()
  const navigate = useNavigate()
  const [kind, setKind] = useState<Stage['kind']>(stage?.kind ?? 'open')
  const [condition, setCondition] = useState<Condition | null>(stage ? stage.condition : { all: [] })
  const [actions, setActions] = useState<readonly StageAction[]>(stage?.actions ?? [])
  const [state, setState] = useState<(typeof states)[number]>(stage?.state ?? 'enabled')
  const create = useCommand(createStage, { quiet: true, stale: staleLifecycle })
  const update = useCommand(updateStage, { quiet: true, stale: staleLifecycle })
  const leave = () => void navigate({ to: '/settings/lifecycle' })
  return (
    <Form
      submit={t(stage ? 'lifecycle.form.save' : 'lifecycle.form.create')}
      onCancel={leave}
      onSubmit={async values => {
        const nameJa = values.text('nameJa')
        const body = {
          nameJa,
          nameEn: values.text('nameEn') || nameJa,
          kind,
          condition,
          actions: [...actions],
          state,
          actNow: values.flag('actNow'),
        }
        if (stage) await update.run({ params: { id: stage.id }, body })
        else await create.run({ body: { ...body, key: values.text('key') } })
        toastDone(t('lifecycle.settings.saved'))
        leave()
      }}
    >
      <div className="l-form">
        <div className="l-main">
          <Section title={t('lifecycle.form.what')}>
            <div className="l-line" data-wide>
              <Field label={t('lifecycle.form.nameJa')} name="nameJa" required>
                <TextInput maxLength={100} defaultValue={stage?.nameJa} />
              </Field>
              <Field label={t('lifecycle.form.nameEn')} name="nameEn">
                <TextInput maxLength={100} defaultValue={stage?.nameEn} />
              </Field>
              {!stage && (
                <Field label={t('lifecycle.form.key')} name="key" required hint={t('lifecycle.form.keyHint')}>
                  <TextInput maxLength={63} pattern="[a-z][a-z0-9_\-]*" spellCheck={false} />
                </Field>
              )}
              <Field label={t('lifecycle.form.kind')} name="kind" required>
                <Select
                  value={kind}
                  options={stageKinds.map(value => ({ value, label: t(`lifecycle.kind.${value}`) }))}
                  onChange={event => {
                    const chosen = event.currentTarget.value
                    setKind(stageKinds.find(each => each === chosen) ?? 'open')
                  }}
                />
              </Field>
            </div>
          </Section>
          <Section title={t('lifecycle.form.rule')} note={condition !== null && t('lifecycle.form.ruleText')}>
            <div className="l-fields">
              <div>
                <Segments
                  label={t('lifecycle.form.ruleBy')}
                  size="small"
                  value={condition === null ? 'hand' : 'rule'}
                  options={[
                    { value: 'rule', label: t('lifecycle.form.byRule') },
                    { value: 'hand', label: t('lifecycle.form.byHand') },
                  ]}
                  onChange={value => setCondition(value === 'hand' ? null : (stage?.condition ?? { all: [] }))}
                />
              </div>
              {condition !== null && <ConditionBuilder record="contact" value={condition} onChange={setCondition} />}
            </div>
          </Section>
          <Section title={t('lifecycle.form.actions')} note={t('lifecycle.form.actionsText')}>
            <ActionFields actions={actions} onChange={setActions} />
          </Section>
        </div>
        <aside className="l-rail">
          <Preview stageId={stage?.id} kind={kind} condition={condition} />
          <RadioGroup
            label={t('lifecycle.form.state')}
            name="state"
            value={state}
            options={states.map(value => ({ value, label: t(`lifecycle.state.${value}`) }))}
            onChange={next => setState(next === 'paused' ? 'paused' : 'enabled')}
          />
          {condition !== null && (
            <Checkbox name="actNow" label={t('lifecycle.form.actNow')} hint={t('lifecycle.form.actNowHint')} />
          )}
        </aside>
      </div>
    </Form>
  )
}
