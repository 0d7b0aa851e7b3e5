import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Condition } from '../../../../server/catalog/conditions/contract.ts'
import {
  type ChurnBand,
  type ChurnSettings,
  getChurnSettings,
  putChurnSettings,
} from '../../../../server/signals/churn/contract/settings.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { ConditionBuilder } from '../../../features/conditions/builder.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Checkbox, Field, RadioGroup, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Section } from '../../../kit/layout.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { BandEditor } from './band-editor.tsx'
import { DefinitionPreview } from './definition-preview.tsx'
import '../../../features/churn/churn.css'

/** What counts as churn, how far ahead to look, who is left out, and how scores are named. */
export function ChurnSettingsPage() {
  const t = useText()
  const { data, error } = useRoute(getChurnSettings)
  return (
    <SettingsScreen
      title={t('churn.settingsTitle')}
      wide
      actions={
        <Link to="/churn" className="k-button" data-size="small">
          <span>{t('churn.title')}</span>
        </Link>
      }
    >
      <Permitted permission="customers.read">
        {error && !data ? (
          <EmptyState title={t('churn.settingsTitle')} text={wordsOf(error, t)} />
        ) : data ? (
          <SettingsForm settings={data} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Permitted>
    </SettingsScreen>
  )
}

const rules = ['status', 'contract', 'revenue'] as const
const horizons = [30, 60, 90] as const

function SettingsForm({ settings }: { settings: ChurnSettings }) {
  const t = useText()
  const mayManage = useMay('churn.manage')
  const [definition, setDefinition] = useState(settings.definition)
  const [horizon, setHorizon] = useState(settings.horizonDays)
  const [exclude, setExclude] = useState<Condition | null>(settings.exclude)
  const [bands, setBands] = useState<readonly ChurnBand[]>(settings.bands)
  const save = useCommand(putChurnSettings, { quiet: true, stale: ['/api/v1/churn'] })
  return (
    <fieldset className="ch-fieldset" disabled={!mayManage}>
      <Form
        submit={t('settings.save')}
        onSubmit={async values => {
          await save.run({
            body: {
              ...settings,
              definition,
              horizonDays: horizon,
              minimumDays: values.number('minimumDays') ?? settings.minimumDays,
              exclude,
              bands: [...bands],
            },
          })
          toastDone(t('settings.saved'))
        }}
      >
        <div className="ch-stack">
          <Section title={t('churn.definition')} note={t('churn.definitionNote')}>
            <div className="ch-two">
              <div className="ch-choices">
                {rules.map(rule => (
                  <Checkbox
                    key={rule}
                    label={t(`churn.rule.${rule}`)}
                    hint={t(`churn.ruleHint.${rule}`)}
                    checked={definition[rule]}
                    onChange={event => setDefinition({ ...definition, [rule]: event.currentTarget.checked })}
                  />
                ))}
                <Checkbox
                  label={t('churn.rule.inactivity')}
                  hint={t('churn.ruleHint.inactivity')}
                  checked={definition.inactivityDays !== null}
                  onChange={event =>
                    setDefinition({ ...definition, inactivityDays: event.currentTarget.checked ? 90 : null })
                  }
                />
                {definition.inactivityDays !== null && (
                  <Field label={t('churn.inactivityDays')} name="definition.inactivityDays" required>
                    <TextInput
                      type="number"
                      min={14}
                      max={365}
                      value={definition.inactivityDays}
                      onChange={event =>
                        setDefinition({ ...definition, inactivityDays: Number(event.currentTarget.value) || 14 })
                      }
                    />
                  </Field>
                )}
              </div>
              <DefinitionPreview definition={definition} exclude={exclude} />
            </div>
          </Section>
          <Section title={t('churn.horizon')} note={t('churn.nextTraining')}>
            <RadioGroup
              label={t('churn.horizon')}
              name="horizonDays"
              value={String(horizon)}
              onChange={next => setHorizon(horizons.find(days => String(days) === next) ?? 90)}
              options={horizons.map(days => ({ value: String(days), label: t('churn.days', { days }) }))}
            />
          </Section>
          <Section title={t('churn.whom')}>
            <div className="ch-form ch-short">
              <Field label={t('churn.minimumDays')} name="minimumDays" required hint={t('churn.minimumDaysHint')}>
                <TextInput type="number" min={0} max={365} defaultValue={settings.minimumDays} />
              </Field>
              {exclude ? (
                <section aria-label={t('churn.exclude')}>
                  <p className="k-label">{t('churn.exclude')}</p>
                  <ConditionBuilder record="customer" value={exclude} onChange={setExclude} />
                  <Button size="small" kind="quiet" onClick={() => setExclude(null)}>
                    {t('churn.excludeNobody')}
                  </Button>
                </section>
              ) : (
                <Button size="small" icon="plus" onClick={() => setExclude({ all: [] })}>
                  {t('churn.excludeSome')}
                </Button>
              )}
            </div>
          </Section>
          <Section title={t('churn.bands')} note={t('churn.bandsNote')}>
            <BandEditor bands={bands} onChange={setBands} />
          </Section>
        </div>
      </Form>
    </fieldset>
  )
}
