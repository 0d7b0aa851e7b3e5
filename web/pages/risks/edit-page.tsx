import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import {
  createRiskSignal,
  getRiskSignal,
  listRiskSignals,
  type RiskLevel,
  updateRiskSignal,
} from '../../../server/signals/risks/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { LiveCount } from '../../features/conditions/live-count.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, RadioGroup, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import './risks.css'

type Signal = RouteReply<typeof getRiskSignal>
const levels = ['high', 'medium', 'low'] as const

/** A signal that is made. */
export function NewRiskSignalPage() {
  const t = useText()
  return (
    <Screen title={t('risks.new')} crumbs={[{ label: t('risks.title'), to: '/signals' }]}>
      <Page>
        <SignalForm />
      </Page>
    </Screen>
  )
}

/** A signal whose condition, level or words are changed. */
export function EditRiskSignalPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/signals/$id/edit' })
  const { data, error } = useRoute(getRiskSignal, { params: { id } })
  return (
    <Screen title={t('risks.edit')} crumbs={[{ label: t('risks.title'), to: '/signals' }]}>
      <Page>
        {error ? (
          <EmptyState title={t('risks.title')} text={wordsOf(error, t)} />
        ) : data ? (
          <SignalForm signal={data} />
        ) : (
          <SkeletonRows rows={6} />
        )}
      </Page>
    </Screen>
  )
}

function SignalForm({ signal }: { signal?: Signal }) {
  const t = useText()
  const navigate = useNavigate()
  const [level, setLevel] = useState<RiskLevel>(signal?.level ?? 'high')
  const [condition, setCondition] = useState<Condition>(signal?.condition ?? { all: [] })
  const create = useCommand(createRiskSignal, { quiet: true, stale: [listRiskSignals.path] })
  const update = useCommand(updateRiskSignal, { quiet: true, stale: [listRiskSignals.path] })
  const open = (id: string) => void navigate({ to: '/signals/$id', params: { id } })
  return (
    <Form
      submit={t(signal ? 'risks.save' : 'risks.create')}
      onCancel={() => (signal ? open(signal.id) : void navigate({ to: '/signals' }))}
      onSubmit={async values => {
        const nameJa = values.text('nameJa')
        const body = {
          nameJa,
          nameEn: values.text('nameEn') || nameJa,
          adviceJa: values.text('adviceJa'),
          adviceEn: values.text('adviceEn'),
          level,
          condition,
        }
        const saved = signal
          ? await update.run({ params: { id: signal.id }, body })
          : await create.run({ body: { ...body, state: 'enabled' } })
        toastDone(t('risks.saved'))
        open(saved.id)
      }}
    >
      <div className="rs-form">
        <div className="rs-main">
          <Field label={t('risks.nameJa')} name="nameJa" required>
            <TextInput maxLength={100} defaultValue={signal?.nameJa} />
          </Field>
          <Field label={t('risks.nameEn')} name="nameEn">
            <TextInput maxLength={100} defaultValue={signal?.nameEn} />
          </Field>
          <RadioGroup
            label={t('risks.level')}
            name="level"
            value={level}
            onChange={next => setLevel(levels.find(each => each === next) ?? 'high')}
            options={levels.map(value => ({ value, label: t(`risks.level.${value}`) }))}
          />
          <section aria-label={t('risks.condition')}>
            <p className="k-label">{t('risks.condition')}</p>
            <ConditionBuilder record="customer" value={condition} onChange={setCondition} />
          </section>
          <Field label={t('risks.adviceJa')} name="adviceJa">
            <Textarea maxLength={500} defaultValue={signal?.adviceJa} />
          </Field>
          <Field label={t('risks.adviceEn')} name="adviceEn">
            <Textarea maxLength={500} defaultValue={signal?.adviceEn} />
          </Field>
        </div>
        <aside>
          <LiveCount record="customer" condition={condition} />
        </aside>
      </div>
    </Form>
  )
}
