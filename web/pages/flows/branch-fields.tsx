import type { Step } from '../../../server/engage/flows/contract/steps.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { LineField, NumberField } from './fields.tsx'

type Of<Kind extends Step['kind']> = { step: Extract<Step, { kind: Kind }>; onChange: (step: Step) => void }

/** The cases of a branch, in the order in which they are looked at. */
export function CaseList({ subject, step, onChange }: Of<'branch'> & { subject: 'customer' | 'contact' }) {
  const t = useText()
  type Case = (typeof step.cases)[number]
  const set = (place: number, next: Case) =>
    onChange({ ...step, cases: step.cases.map((each, at) => (at === place ? next : each)) })
  return (
    <div className="fl-fields">
      <p className="k-hint">{t('flows.branchHint')}</p>
      {step.cases.map((each, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cases are told apart by their place
        <fieldset key={place} className="fl-part">
          <legend className="k-hidden">{each.name || t('flows.case', { number: place + 1 })}</legend>
          <div className="fl-part-head">
            <LineField
              label={t('flows.caseName', { number: place + 1 })}
              value={each.name}
              most={100}
              onChange={name => set(place, { ...each, name })}
            />
            {step.cases.length > 1 && (
              <IconButton
                icon="close"
                label={t('flows.removeCase', { number: place + 1 })}
                onClick={() => onChange({ ...step, cases: step.cases.filter((_, at) => at !== place) })}
              />
            )}
          </div>
          <ConditionBuilder
            record={subject}
            value={each.condition}
            onChange={condition => set(place, { ...each, condition })}
          />
        </fieldset>
      ))}
      {step.cases.length < 20 && (
        <div>
          <Button
            kind="dashed"
            size="small"
            icon="plus"
            onClick={() =>
              onChange({ ...step, cases: [...step.cases, { name: '', condition: { all: [] }, next: null }] })
            }
          >
            {t('flows.addCase')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The variants of a split and their weights. */
export function ArmList({ step, onChange }: Of<'split'>) {
  const t = useText()
  type Arm = (typeof step.arms)[number]
  const set = (place: number, next: Arm) =>
    onChange({ ...step, arms: step.arms.map((each, at) => (at === place ? next : each)) })
  return (
    <div className="fl-fields">
      <p className="k-hint">{t('flows.splitHint')}</p>
      {step.arms.map((arm, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: arms are told apart by their place
        <div key={place} className="fl-part-head">
          <LineField
            label={t('flows.armName', { number: place + 1 })}
            value={arm.name}
            most={100}
            onChange={name => set(place, { ...arm, name })}
          />
          <NumberField
            label={t('flows.weight')}
            value={arm.weight}
            minimum={1}
            maximum={1_000}
            onChange={weight => set(place, { ...arm, weight })}
          />
          {step.arms.length > 2 && (
            <IconButton
              icon="close"
              label={t('flows.removeArm', { name: arm.name })}
              onClick={() => onChange({ ...step, arms: step.arms.filter((_, at) => at !== place) })}
            />
          )}
        </div>
      ))}
      {step.arms.length < 10 && (
        <div>
          <Button
            kind="dashed"
            size="small"
            icon="plus"
            onClick={() =>
              onChange({
                ...step,
                arms: [...step.arms, { name: String.fromCharCode(65 + step.arms.length), weight: 1, next: null }],
              })
            }
          >
            {t('flows.addArm')}
          </Button>
        </div>
      )}
    </div>
  )
}
