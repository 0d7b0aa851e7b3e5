import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { freeKey } from './draft.ts'
import { NumberInput } from './number-input.tsx'

interface GroupEditorProps {
  definition: ScorecardDefinition
  onChange?: ((definition: ScorecardDefinition) => void) | undefined
}

/** Groups of factors with weights of their own: the weights of factors then count within their group. */
export function GroupEditor({ definition, onChange }: GroupEditorProps) {
  const t = useText()
  const { groups, factors } = definition
  if (groups.length === 0 && !onChange) return null
  const add = () => {
    const key = freeKey(
      'group',
      groups.map(group => group.key),
    )
    const made = { key, nameJa: t('scorecards.group.new'), nameEn: t('scorecards.group.new'), weight: 10 }
    onChange?.({
      ...definition,
      groups: [...groups, made],
      // Once there are groups, each factor belongs to one.
      factors: groups.length === 0 ? factors.map(factor => ({ ...factor, group: key })) : factors,
    })
  }
  const remove = (at: number) => {
    const left = groups.filter((_, place) => place !== at)
    const gone = groups[at]?.key
    onChange?.({
      ...definition,
      groups: left,
      factors: factors.map(({ group, ...factor }) => {
        const next = group === gone ? left[0]?.key : group
        return next === undefined ? factor : { ...factor, group: next }
      }),
    })
  }
  return (
    <Section
      title={t('scorecards.groups')}
      note={t('scorecards.groupsNote')}
      end={
        onChange && (
          <Button size="small" icon="plus" onClick={add}>
            {t('scorecards.group.add')}
          </Button>
        )
      }
    >
      {groups.length === 0 && <p className="text-t3">{t('scorecards.groupsNone')}</p>}
      <div className="s-lines">
        {groups.map((group, at) => {
          const set = (next: Partial<typeof group>) =>
            onChange?.({
              ...definition,
              groups: groups.map((each, place) => (place === at ? { ...group, ...next } : each)),
            })
          return (
            <div className="s-five" key={group.key}>
              <Field label={t('scorecards.factor.weight')}>
                <NumberInput value={group.weight} min={0.1} max={1_000} onChange={weight => set({ weight })} />
              </Field>
              <Field label={t('scorecards.nameJa')}>
                <TextInput
                  value={group.nameJa}
                  maxLength={60}
                  readOnly={!onChange}
                  onChange={event => set({ nameJa: event.currentTarget.value })}
                />
              </Field>
              <Field label={t('scorecards.nameEn')}>
                <TextInput
                  value={group.nameEn}
                  maxLength={60}
                  readOnly={!onChange}
                  onChange={event => set({ nameEn: event.currentTarget.value })}
                />
              </Field>
              <span />
              {onChange && (
                <IconButton
                  icon="trash"
                  label={t('scorecards.group.remove', { name: group.nameJa })}
                  onClick={() => remove(at)}
                />
              )}
            </div>
          )
        })}
      </div>
    </Section>
  )
}
