import { useState } from 'react'
import { listKpis, setKpiTarget, targetBounds } from '../../../server/insights/kpis/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { kpiValue } from '../../features/kpis/value.ts'
import { useOwnerOptions } from '../../features/record/owners.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { OpenKpi } from './opened.ts'

/** Years that the dialog offers; the last value stays. */
const years = [0, 1, 2]

/** What a KPI is to reach, by year, from when on, and who answers for it. */
export function TargetDialog({ kpi, onClose }: { kpi: OpenKpi; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const owners = useOwnerOptions()
  const set = useCommand(setKpiTarget, { quiet: true, stale: [listKpis.path] })
  const known = kpi.target
  const [bound, setBound] = useState<string>(known?.bound ?? (kpi.direction === 'down' ? 'at_most' : 'at_least'))
  const [steps, setSteps] = useState<string[]>(years.map(year => String(known?.steps[year] ?? '')))
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('kpis.targetTitle', { name: kpi.words[locale] })}
      text={kpi.definition[locale]}
    >
      <Form
        submit={t('kpis.saveTarget')}
        onCancel={onClose}
        onSubmit={async values => {
          const given = steps.map(step => step.trim()).filter(step => step !== '')
          await set.run({
            params: { key: kpi.key },
            body: {
              bound: targetBounds.find(each => each === bound),
              steps: given.map(Number),
              startsOn: values.optional('startsOn'),
              responsibleId: values.optional('responsibleId') ?? null,
            },
          })
          toastDone(t('kpis.targetSet', { name: kpi.words[locale] }))
          onClose()
        }}
      >
        {kpi.suggested.length > 0 && (
          <div className="p-filters">
            <span className="text-t3">{t('kpis.suggested')}</span>
            {kpi.suggested.map(each => (
              <Button
                key={each.blueprint}
                size="small"
                onClick={() => {
                  setBound(each.bound)
                  setSteps(years.map(year => String(each.steps[year] ?? '')))
                }}
              >
                {`${t(`kpis.blueprint.${each.blueprint}`)}: ${each.steps.map(step => kpiValue(kpi, step, format, t)).join(' → ')}`}
              </Button>
            ))}
          </div>
        )}
        <Field label={t('kpis.bound')} name="bound">
          <Select
            value={bound}
            options={targetBounds.map(each => ({ value: each, label: t(`kpis.boundName.${each}`) }))}
            onChange={event => setBound(event.currentTarget.value)}
          />
        </Field>
        {years.map(year => (
          <Field
            key={year}
            label={t('kpis.year', { year: year + 1 })}
            name={year === 0 ? 'steps' : `steps.${year}`}
            required={year === 0}
            hint={year === 0 ? t(`kpis.unit.${kpi.unit}`) : undefined}
          >
            <TextInput
              type="number"
              step="any"
              value={steps[year]}
              onChange={event => setSteps(steps.with(year, event.currentTarget.value))}
            />
          </Field>
        ))}
        <Field label={t('kpis.startsOn')} name="startsOn" hint={t('kpis.startsOnHint')}>
          <TextInput type="date" defaultValue={known?.startsOn} />
        </Field>
        <Field label={t('kpis.responsible')} name="responsibleId">
          <Select
            defaultValue={known?.responsibleId ?? ''}
            placeholder={t('customers.nobody')}
            options={owners.filter(({ value }) => value !== '')}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
