import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import {
  createScoringRule,
  getScoringSettings,
  listScoringRules,
  type RuleWhen,
  scoreParts,
  updateScoringRule,
} from '../../../../server/signals/scoring/contract/rules.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { Screen } from '../../../frame/screen.tsx'
import { nameOf } from '../../../i18n/name-of.ts'
import { useLocale, useText } from '../../../i18n/provider.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Field, RadioGroup, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Page } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { Permitted } from '../permitted.tsx'
import './scoring.css'
import { Simulation } from './simulation.tsx'
import { stale } from './stale.ts'
import { WhenFields } from './when-fields.tsx'

type Rule = RouteReply<typeof listScoringRules>['items'][number]

export function NewScoringRulePage() {
  const t = useText()
  return <RuleScreen title={t('leads.newTitle')}>{rules => <RuleForm rules={rules} />}</RuleScreen>
}

export function EditScoringRulePage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/settings/scoring/$id' })
  const { data } = useRoute(listScoringRules)
  const known = data?.items.find(rule => rule.id === id)
  return (
    <RuleScreen title={known ? nameOf(known, locale) : t('leads.editTitle')}>
      {rules => {
        const rule = rules.find(each => each.id === id)
        return rule ? (
          <RuleForm key={id} rules={rules} rule={rule} />
        ) : (
          <EmptyState title={t('leads.noRules')} text={t('leads.noRulesText')} />
        )
      }}
    </RuleScreen>
  )
}

function RuleScreen({ title, children }: { title: string; children: (rules: readonly Rule[]) => React.ReactNode }) {
  const t = useText()
  const { data, error } = useRoute(listScoringRules)
  return (
    <Screen title={title} crumbs={[{ label: t('leads.settingsTitle'), to: '/settings/scoring' }]}>
      <Page>
        <Permitted permission="leads.manage">
          {error && !data ? (
            <Note tone="red" alert>
              {wordsOf(error, t)}
            </Note>
          ) : data ? (
            children(data.items)
          ) : (
            <SkeletonRows rows={10} />
          )}
        </Permitted>
      </Page>
    </Screen>
  )
}

/** What of a stored rule is entered again. */
function entered({ id, key, nameJa, nameEn, state, part, points, when, position }: Rule) {
  return { id, key, nameJa, nameEn, state, part, points, when, position }
}

function RuleForm({ rules, rule }: { rules: readonly Rule[]; rule?: Rule }) {
  const t = useText()
  const navigate = useNavigate()
  const settings = useRoute(getScoringSettings).data
  const [part, setPart] = useState(rule?.part ?? 'fit')
  const [points, setPoints] = useState(rule?.points ?? 10)
  const [when, setWhen] = useState<RuleWhen>(rule?.when ?? { kind: 'attribute', condition: { all: [] } })
  const create = useCommand(createScoringRule, { quiet: true, stale })
  const update = useCommand(updateScoringRule, { quiet: true, stale })
  const leave = () => void navigate({ to: '/settings/scoring' })
  const wish = { nameJa: rule?.nameJa ?? '–', nameEn: rule?.nameEn ?? '–', part, points, when }
  const others = rules.map(entered)
  const next = rule
    ? others.map(each => (each.id === rule.id ? { ...each, ...wish } : each))
    : [...others, { ...wish, nameJa: t('leads.thisRule'), nameEn: t('leads.thisRule') }]
  const isNamed = when.kind === 'attribute' || when.event.trim() !== ''
  return (
    <Form
      submit={t(rule ? 'leads.save' : 'leads.create')}
      onCancel={leave}
      onSubmit={async values => {
        const nameJa = values.text('nameJa')
        const body = { nameJa, nameEn: values.text('nameEn') || nameJa, part, points, when }
        if (rule) await update.run({ params: { id: rule.id }, body })
        else await create.run({ body })
        toastDone(t('leads.saved'))
        leave()
      }}
    >
      <div className="o-form">
        <div className="o-fields">
          <div className="o-line" data-wide>
            <Field label={t('leads.nameJa')} name="nameJa" required>
              <TextInput maxLength={100} autoComplete="off" defaultValue={rule?.nameJa} />
            </Field>
            <Field label={t('leads.nameEn')} name="nameEn" hint={t('leads.nameEnHint')}>
              <TextInput maxLength={100} autoComplete="off" defaultValue={rule?.nameEn} />
            </Field>
          </div>
          <RadioGroup
            label={t('leads.part')}
            name="part"
            value={part}
            onChange={value => setPart(scoreParts.find(each => each === value) ?? part)}
            options={scoreParts.map(value => ({
              value,
              label: t(`leads.part.${value}`),
              ...(value === 'fit' && { hint: t('leads.partHint') }),
            }))}
          />
          <div className="o-number">
            <Field label={t('leads.points')} name="points" required hint={t('leads.pointsHint')}>
              <TextInput
                type="number"
                min={-100}
                max={100}
                step={1}
                defaultValue={points}
                onChange={event => {
                  const value = event.currentTarget.valueAsNumber
                  if (Number.isInteger(value)) setPoints(value)
                }}
              />
            </Field>
          </div>
          <WhenFields when={when} onChange={setWhen} />
        </div>
        <aside className="o-rail">
          {settings && isNamed && points !== 0 && Math.abs(points) <= 100 && (
            <Simulation
              body={{ rules: next }}
              condition={when.kind === 'attribute' ? when.condition : undefined}
              hotAt={settings.hotAt}
            />
          )}
        </aside>
      </div>
    </Form>
  )
}
