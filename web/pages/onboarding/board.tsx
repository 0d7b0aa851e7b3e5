import { Link } from '@tanstack/react-router'
import { type Journey, journeyStates, listJourneys } from '../../../server/engage/onboarding/contract/journeys.ts'
import { getOnboardingTemplate, type OnboardingTemplate } from '../../../server/engage/onboarding/contract/templates.ts'
import { useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Avatar } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { JourneyBadge, JourneyProgress } from './look.tsx'
import type { OnboardingSearch } from './search.ts'

interface BoardProps {
  templates: readonly OnboardingTemplate[]
  template: OnboardingTemplate
  search: OnboardingSearch
  onChange: (search: OnboardingSearch) => void
}

/** Customers in onboarding, in the phase in which they are. */
export function JourneyBoard({ templates, template, search, onChange }: BoardProps) {
  const t = useText()
  const { locale } = useLocale()
  const whole = useRoute(getOnboardingTemplate, { params: { id: template.id } }).data
  const { rows, more, problem } = useRoutePages(listJourneys, {
    query: {
      active: 'true',
      templateId: template.id,
      limit: 200,
      ...(search.state && { state: search.state }),
      ...(search.mine && { mine: 'true' as const }),
      ...(search.q && { q: search.q }),
    },
  })
  // A journey on an older version may be in a phase that the newest has no longer.
  const phases =
    whole?.definition.phases.map(({ key, nameJa, nameEn }) => ({ key, name: { ja: nameJa, en: nameEn } })) ?? []
  const others = rows?.filter(({ phase }) => !phases.some(({ key }) => key === phase)) ?? []
  const columns = [
    ...phases,
    ...others
      .filter(({ phase }, place) => others.findIndex(each => each.phase === phase) === place)
      .map(({ phase, phaseName }) => ({ key: phase, name: phaseName })),
  ]
  return (
    <>
      <div className="ob-head">
        <Field label={t('onboarding.template')}>
          <Select
            value={template.id}
            onChange={event => onChange({ ...search, template: event.target.value })}
            options={templates.map(({ id, nameJa, nameEn }) => ({
              value: id,
              label: locale === 'ja' ? nameJa : nameEn,
            }))}
          />
        </Field>
        <Field label={t('onboarding.state')}>
          <Select
            value={search.state ?? ''}
            placeholder={t('onboarding.allStates')}
            onChange={event =>
              onChange({ ...search, state: journeyStates.find(state => state === event.target.value) })
            }
            options={journeyStates.map(value => ({ value, label: t(`onboarding.state.${value}`) }))}
          />
        </Field>
        <Field label={t('onboarding.search')}>
          <TextInput
            icon="search"
            defaultValue={search.q ?? ''}
            onKeyDown={event =>
              event.key === 'Enter' && onChange({ ...search, q: event.currentTarget.value.trim() || undefined })
            }
            onBlur={event => onChange({ ...search, q: event.currentTarget.value.trim() || undefined })}
          />
        </Field>
        <Checkbox
          label={t('onboarding.mine')}
          checked={search.mine ?? false}
          onChange={event => onChange({ ...search, mine: event.target.checked || undefined })}
        />
      </div>
      {problem && !rows ? (
        <EmptyState title={t('onboarding.failed')} text={wordsOf(problem, t)} />
      ) : !rows || !whole ? (
        <SkeletonRows rows={6} />
      ) : rows.length === 0 && !search.state && !search.mine && !search.q ? (
        <EmptyState title={t('onboarding.empty')} text={t('onboarding.emptyText')} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
        <section className="ob-board" aria-label={t('onboarding.phases')} tabIndex={0}>
          {columns.map(({ key, name }) => {
            const own = rows.filter(({ phase }) => phase === key)
            return (
              <section key={key} className="ob-column" aria-label={name[locale]}>
                <h2>
                  {name[locale]} <small>{own.length}</small>
                </h2>
                {own.length === 0 && <p className="text-t2">{t('onboarding.emptyColumn')}</p>}
                <ul>
                  {own.map(journey => (
                    <Card key={journey.id} journey={journey} />
                  ))}
                </ul>
              </section>
            )
          })}
        </section>
      )}
      {more && (
        <Button size="small" kind="quiet" pending={more.pending} onClick={more.load}>
          {t('onboarding.more')}
        </Button>
      )}
    </>
  )
}

function Card({ journey }: { journey: Journey }) {
  const t = useText()
  const { locale } = useLocale()
  const { day, days } = journey
  return (
    <li className="ob-card">
      <Link to="/onboarding/$id" params={{ id: journey.id }}>
        {journey.customerName}
      </Link>
      <div>
        <JourneyBadge journey={journey} />
        <span className="text-t2">{t('onboarding.dayOf', { day, days })}</span>
      </div>
      <JourneyProgress journey={journey} />
      {journey.lateTask && <p>{t('onboarding.late', { title: journey.lateTask[locale] })}</p>}
      <div className="text-t2">
        {journey.ownerName && <Avatar name={journey.ownerName} />}
        {journey.ownerName ?? t('onboarding.noOwner')}
      </div>
    </li>
  )
}
