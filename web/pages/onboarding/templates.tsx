import { Link } from '@tanstack/react-router'
import type { OnboardingTemplate } from '../../../server/engage/onboarding/contract/templates.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Note } from '../../kit/note.tsx'

/** The templates that the company has. */
export function Templates({ templates }: { templates: readonly OnboardingTemplate[] }) {
  const t = useText()
  const { locale } = useLocale()
  if (templates.length === 0)
    return <EmptyState title={t('onboarding.templates.empty')} text={t('onboarding.templates.emptyText')} />
  const heads = [
    'template',
    'templates.starts',
    'templates.days',
    'tasks',
    'templates.version',
    'templates.running',
    'templates.done',
  ] as const
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
    <section className="ob-scroll" tabIndex={0} aria-label={t('onboarding.view.templates')}>
      <table className="ob-table">
        <thead>
          <tr>
            {heads.map((head, place) => (
              <th key={head} scope="col" data-number={place > 1 || undefined}>
                {t(`onboarding.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {templates.map(each => (
            <tr key={each.id}>
              <td>
                <Link to="/onboarding/templates/$id" params={{ id: each.id }}>
                  {locale === 'ja' ? each.nameJa : each.nameEn}
                </Link>{' '}
                {each.state === 'archived' && <Badge tone="line">{t('onboarding.templates.archived')}</Badge>}
                {each.fault && <Note tone="red">{each.fault}</Note>}
              </td>
              <td>{each.starts ? t(`onboarding.on.${each.starts.on}`) : t('onboarding.templates.byHand')}</td>
              <td data-number>{each.days}</td>
              <td data-number>{each.tasks}</td>
              <td data-number>{each.version}</td>
              <td data-number>{each.running}</td>
              <td data-number>{each.completed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
