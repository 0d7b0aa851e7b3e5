import { flowKinds, updateFlow } from '../../../server/engage/flows/contract/flows.ts'
import { useCommand } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Checkbox, Field, Select, Switch, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Draft } from './draft.ts'
import { ChoiceField, NumberField } from './fields.tsx'
import { staleFlows, type WholeFlow } from './whole-flow.ts'

interface FlowFieldsProps {
  flow: WholeFlow
  draft: Draft
  mayManage: boolean
}

/** What holds for a flow as a whole: names, who may come in, when they leave, the goal, the limits. */
export function FlowFields({ flow, draft, mayManage }: FlowFieldsProps) {
  const t = useText()
  const { document, change } = draft
  const { subject, entry, exits, goal, reentry, quiet } = document
  return (
    <>
      <h2 className="fl-title">{t('flows.whole')}</h2>
      <p className="k-hint">{t('flows.wholeHint')}</p>
      {mayManage && <Names flow={flow} />}
      <Part
        label={t('flows.entry')}
        hint={t('flows.entryHint')}
        on={entry !== null}
        onSwitch={on => change(current => ({ ...current, entry: on ? { all: [] } : null }))}
      >
        <ConditionBuilder
          record={subject}
          value={entry ?? { all: [] }}
          onChange={next => change(current => ({ ...current, entry: next }), 'entry')}
        />
      </Part>
      <Part
        label={t('flows.goal')}
        hint={t('flows.goalHint')}
        on={goal !== null}
        onSwitch={on =>
          change(current => ({ ...current, goal: on ? { condition: { all: [] }, withinDays: 90, ends: true } : null }))
        }
      >
        {goal && (
          <>
            <ConditionBuilder
              record={subject}
              value={goal.condition}
              onChange={condition => change(current => ({ ...current, goal: { ...goal, condition } }), 'goal')}
            />
            <NumberField
              label={t('flows.withinDays')}
              value={goal.withinDays}
              minimum={1}
              maximum={730}
              onChange={withinDays => change(current => ({ ...current, goal: { ...goal, withinDays } }), 'goal days')}
            />
            <Checkbox
              label={t('flows.goalEnds')}
              checked={goal.ends}
              onChange={event => {
                const ends = event.currentTarget.checked
                change(current => ({ ...current, goal: { ...goal, ends } }))
              }}
            />
          </>
        )}
      </Part>
      <NumberField
        label={t('flows.holdout')}
        value={document.holdoutPercent}
        minimum={0}
        maximum={50}
        onChange={holdoutPercent => change(current => ({ ...current, holdoutPercent }), 'holdout')}
      />
      <p className="k-hint">{t('flows.holdoutHint')}</p>
      <div className="fl-fields">
        <h3 className="k-label">{t('flows.exits')}</h3>
        <p className="k-hint">{t('flows.exitsHint')}</p>
        {exits.map((exit, place) => {
          const set = (next: typeof exit) =>
            change(
              current => ({ ...current, exits: current.exits.map((each, at) => (at === place ? next : each)) }),
              `exit ${place}`,
            )
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: exits are told apart by their place
            <fieldset key={place} className="fl-part">
              <legend className="k-hidden">{exit.name}</legend>
              <div className="fl-part-head">
                <Field label={t('flows.exitName')} required>
                  <TextInput
                    maxLength={100}
                    defaultValue={exit.name}
                    onChange={event => set({ ...exit, name: event.currentTarget.value })}
                  />
                </Field>
                <IconButton
                  icon="close"
                  label={t('flows.removeExit', { name: exit.name })}
                  onClick={() =>
                    change(current => ({ ...current, exits: current.exits.filter((_, at) => at !== place) }))
                  }
                />
              </div>
              <ConditionBuilder
                record={subject}
                value={exit.condition}
                onChange={condition => set({ ...exit, condition })}
              />
            </fieldset>
          )
        })}
        {exits.length < 10 && (
          <div>
            <Button
              kind="dashed"
              size="small"
              icon="plus"
              onClick={() =>
                change(current => ({ ...current, exits: [...current.exits, { name: '', condition: { all: [] } }] }))
              }
            >
              {t('flows.addExit')}
            </Button>
          </div>
        )}
      </div>
      <ChoiceField
        label={t('flows.reentry')}
        value={reentry.kind}
        options={(['never', 'after_end', 'after_days'] as const).map(value => ({
          value,
          label: t(`flows.reentry.${value}`),
        }))}
        onChange={kind =>
          change(current => ({ ...current, reentry: kind === 'after_days' ? { kind, days: 90 } : { kind } }))
        }
      />
      {reentry.kind === 'after_days' && (
        <NumberField
          label={t('flows.days')}
          value={reentry.days}
          minimum={1}
          maximum={3_660}
          onChange={days => change(current => ({ ...current, reentry: { kind: 'after_days', days } }), 'reentry')}
        />
      )}
      <Field label={t('flows.priority')} required hint={t('flows.priorityHint')}>
        <Select
          value={String(document.priority)}
          options={Array.from({ length: 9 }, (_, index) => ({ value: `${index + 1}`, label: `${index + 1}` }))}
          onChange={event => {
            const priority = Number(event.currentTarget.value)
            change(current => ({ ...current, priority }))
          }}
        />
      </Field>
      <Part
        label={t('flows.quiet')}
        hint={t('flows.quietHint')}
        on={quiet !== null}
        onSwitch={on => change(current => ({ ...current, quiet: on ? { start: '20:00', end: '08:00' } : null }))}
      >
        {quiet && (
          <div className="fl-pair">
            {(['start', 'end'] as const).map(side => (
              <Field key={side} label={t(`flows.quiet.${side}`)} required>
                <TextInput
                  type="time"
                  defaultValue={quiet[side]}
                  onChange={event => {
                    const clock = event.currentTarget.value
                    if (clock) change(current => ({ ...current, quiet: { ...quiet, [side]: clock } }), 'quiet')
                  }}
                />
              </Field>
            ))}
          </div>
        )}
      </Part>
    </>
  )
}

interface PartProps {
  label: string
  hint: string
  on: boolean
  onSwitch: (on: boolean) => void
  children: React.ReactNode
}

/** A part that a flow may do without. */
function Part({ label, hint, on, onSwitch, children }: PartProps) {
  return (
    <div className="fl-fields">
      <Switch label={label} hint={hint} checked={on} onChange={onSwitch} />
      {on && <div className="fl-part fl-fields">{children}</div>}
    </div>
  )
}

function Names({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const update = useCommand(updateFlow, { quiet: true, stale: staleFlows })
  return (
    <details className="fl-names">
      <summary>{t('flows.names')}</summary>
      <Form
        submit={t('flows.saveNames')}
        submitKind="normal"
        onSubmit={async values => {
          const kind = flowKinds.find(each => each === values.text('kind')) ?? flow.kind
          const body = {
            nameJa: values.text('nameJa'),
            nameEn: values.text('nameEn'),
            description: values.text('description'),
            kind,
          }
          await update.run({ params: { id: flow.id }, body })
          toastDone(t('flows.namesSaved'))
        }}
      >
        <Field label={t('flows.nameJa')} name="nameJa" required>
          <TextInput maxLength={100} defaultValue={flow.nameJa} />
        </Field>
        <Field label={t('flows.nameEn')} name="nameEn" required>
          <TextInput maxLength={100} defaultValue={flow.nameEn} />
        </Field>
        <Field label={t('flows.kind')} name="kind" required>
          <Select
            defaultValue={flow.kind}
            options={flowKinds.map(value => ({ value, label: t(`flows.kind.${value}`) }))}
          />
        </Field>
        <Field label={t('flows.about')} name="description">
          <Textarea rows={3} maxLength={2_000} defaultValue={flow.description} />
        </Field>
      </Form>
    </details>
  )
}
