import { onboardingFigures } from '../../../server/engage/onboarding/contract/figures.ts'
import type { OnboardingTemplate } from '../../../server/engage/onboarding/contract/templates.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Facts, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

interface FiguresProps {
  templates: readonly OnboardingTemplate[]
  templateId: string | undefined
  onChange: (id: string | undefined) => void
}

/** How onboarding goes: states, days to value, completion by month of start, days in each phase. */
export function Figures({ templates, templateId, onChange }: FiguresProps) {
  const t = useText()
  const { locale } = useLocale()
  const { data, error } = useRoute(onboardingFigures, { query: templateId ? { templateId } : {} })
  const percent = (value: number | null) => (value === null ? '–' : `${value}%`)
  const nameOf = (id: string) => {
    const found = templates.find(template => template.id === id)
    return found ? (locale === 'ja' ? found.nameJa : found.nameEn) : ''
  }
  return (
    <>
      <div className="ob-head">
        <Field label={t('onboarding.template')}>
          <Select
            value={templateId ?? ''}
            placeholder={t('onboarding.allTemplates')}
            onChange={event => onChange(event.target.value || undefined)}
            options={templates.map(({ id }) => ({ value: id, label: nameOf(id) }))}
          />
        </Field>
      </div>
      {error && !data ? (
        <EmptyState title={t('onboarding.failed')} text={wordsOf(error, t)} />
      ) : !data ? (
        <SkeletonRows rows={6} />
      ) : (
        <>
          <div className="ob-facts">
            <Facts
              facts={[
                { label: t('onboarding.figures.running'), value: data.running },
                { label: t('onboarding.figures.behind'), value: data.behind },
                { label: t('onboarding.figures.stuck'), value: data.stuck },
                { label: t('onboarding.figures.late'), value: data.lateTasks },
                { label: t('onboarding.figures.ttv'), value: data.timeToValue ?? '–' },
                { label: t('onboarding.figures.training'), value: percent(data.trainingDone) },
                { label: t('onboarding.figures.completed'), value: percent(data.completed) },
              ]}
            />
          </div>
          <Section title={t('onboarding.figures.cohorts')} flush>
            <FigureTable
              label={t('onboarding.figures.cohorts')}
              heads={[
                t('onboarding.figures.month'),
                t('onboarding.figures.startedCount'),
                t('onboarding.figures.completedCount'),
                t('onboarding.figures.cancelledCount'),
                t('onboarding.figures.share'),
                t('onboarding.figures.ttv'),
              ]}
              textual={[0]}
              rows={data.cohorts.map(each => [
                each.month,
                each.started,
                each.completed,
                each.cancelled,
                percent(each.share),
                each.timeToValue ?? '–',
              ])}
            />
          </Section>
          <Section title={t('onboarding.figures.phases')} flush>
            <FigureTable
              label={t('onboarding.figures.phases')}
              heads={[
                t('onboarding.template'),
                t('onboarding.phase'),
                t('onboarding.figures.now'),
                t('onboarding.figures.passed'),
                t('onboarding.figures.share'),
                t('onboarding.figures.planned'),
                t('onboarding.figures.took'),
              ]}
              textual={[0, 1]}
              rows={data.phases.map(each => [
                nameOf(each.templateId),
                each.name[locale],
                each.now,
                each.passed,
                percent(each.share),
                each.planned,
                each.days ?? '–',
              ])}
            />
          </Section>
        </>
      )}
    </>
  )
}

function FigureTable({
  label,
  heads,
  rows,
  textual,
}: {
  label: string
  heads: readonly string[]
  rows: readonly (readonly (string | number)[])[]
  /** Places of the columns that hold words. */
  textual: readonly number[]
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
    <section className="ob-scroll" tabIndex={0} aria-label={label}>
      <table className="ob-table">
        <thead>
          <tr>
            {heads.map((head, place) => (
              <th key={head} scope="col" data-number={!textual.includes(place) || undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(cells => (
            <tr key={cells.slice(0, 2).join(' ')}>
              {cells.map((cell, place) => (
                <td key={heads[place]} data-number={!textual.includes(place) || undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
