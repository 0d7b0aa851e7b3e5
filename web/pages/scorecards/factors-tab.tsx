import { useState } from 'react'
import type { Factor, ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { missingPolicies, newFactor, sharesOf } from './draft.ts'
import { FactorDrawer } from './factor-drawer.tsx'
import { GroupEditor } from './group-editor.tsx'
import { NumberInput } from './number-input.tsx'
import { ShapeCurve, useShapeWords } from './shape-curve.tsx'
import { useSourceName } from './sources.ts'

interface TabProps {
  definition: ScorecardDefinition
  /** Left out for whoever may only look. */
  onChange?: ((definition: ScorecardDefinition) => void) | undefined
}

/** What the score is made of: factors, what each looks at, how much it weighs and how its value becomes points. */
export function FactorsTab({ definition, onChange }: TabProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const sourceName = useSourceName()
  const shapeWords = useShapeWords()
  const [open, setOpen] = useState<number>()
  const { factors, groups } = definition
  const shares = sharesOf(definition)
  const setFactor = (at: number, factor: Factor) =>
    onChange?.({ ...definition, factors: factors.map((each, place) => (place === at ? factor : each)) })
  const groupName = (key: string | undefined) => {
    const group = groups.find(each => each.key === key)
    return group && nameOf(group, locale)
  }
  return (
    <>
      <Section
        title={t('scorecards.factors')}
        note={t('scorecards.factorsNote')}
        flush
        end={
          onChange && (
            <Button
              size="small"
              icon="plus"
              onClick={() => {
                onChange({
                  ...definition,
                  factors: [...factors, newFactor(factors, t('scorecards.factor.new'), groups[0]?.key)],
                })
                setOpen(factors.length)
              }}
            >
              {t('scorecards.factor.add')}
            </Button>
          )
        }
      >
        <div className="s-scroll">
          <table className="k-table" aria-label={t('scorecards.factors')}>
            <thead>
              <tr>
                <th scope="col">{t('scorecards.factor')}</th>
                {groups.length > 0 && <th scope="col">{t('scorecards.factor.group')}</th>}
                <th scope="col" data-narrow="hide">
                  {t('scorecards.factor.source')}
                </th>
                <th scope="col" data-narrow="hide">
                  {t('scorecards.shape')}
                </th>
                <th scope="col" data-align="end">
                  {t('scorecards.factor.weight')}
                </th>
                <th scope="col" data-align="end">
                  {t('scorecards.factor.share')}
                </th>
                {onChange && (
                  <th scope="col">
                    <span className="k-hidden">{t('kit.table.actions')}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {factors.map((factor, at) => {
                const name = nameOf(factor, locale)
                return (
                  <tr key={factor.key} data-row>
                    <td>
                      <span className="s-name">{name}</span>{' '}
                      {factor.missing && <Badge tone="line">{t(`scorecards.missing.${factor.missing}Short`)}</Badge>}
                    </td>
                    {groups.length > 0 && <td>{groupName(factor.group) ?? '–'}</td>}
                    <td data-narrow="hide">{sourceName(factor.input)}</td>
                    <td data-narrow="hide" title={shapeWords(factor.shape)}>
                      <ShapeCurve shape={factor.shape} />
                    </td>
                    <td data-align="end">
                      {onChange ? (
                        <div className="s-weight">
                          <NumberInput
                            label={t('scorecards.factor.weightOf', { name })}
                            value={factor.weight}
                            min={0.1}
                            max={1_000}
                            onChange={weight => setFactor(at, { ...factor, weight })}
                          />
                        </div>
                      ) : (
                        format.number(factor.weight)
                      )}
                    </td>
                    <td data-align="end">{format.percent((shares[at] ?? 0) / 100, 1)}</td>
                    {onChange && (
                      <td data-align="end">
                        <IconButton
                          icon="note"
                          label={t('scorecards.factor.edit', { name })}
                          onClick={() => setOpen(at)}
                        />
                        <IconButton
                          icon="trash"
                          label={t('scorecards.factor.remove', { name })}
                          disabled={factors.length === 1}
                          onClick={() =>
                            onChange({ ...definition, factors: factors.filter((_, place) => place !== at) })
                          }
                        />
                      </td>
                    )}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      </Section>
      <GroupEditor definition={definition} onChange={onChange} />
      <Section title={t('scorecards.missing')} note={t('scorecards.missingNote')}>
        <div className="s-policy">
          <Field label={t('scorecards.missing.policy')} hint={t(`scorecards.missing.${definition.missing}Hint`)}>
            <Select
              value={definition.missing}
              disabled={!onChange}
              options={missingPolicies.map(value => ({ value, label: t(`scorecards.missing.${value}`) }))}
              onChange={event => {
                const missing = missingPolicies.find(each => each === event.currentTarget.value)
                if (missing) onChange?.({ ...definition, missing })
              }}
            />
          </Field>
        </div>
      </Section>
      {open !== undefined && factors[open] && onChange && (
        <FactorDrawer
          factor={factors[open]}
          groups={groups}
          onClose={() => setOpen(undefined)}
          onChange={factor => setFactor(open, factor)}
        />
      )}
    </>
  )
}
