import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { listOnboardingTemplates } from '../../../server/engage/onboarding/contract/templates.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { JourneyBoard } from './board.tsx'
import { Figures } from './figures.tsx'
import { type OnboardingSearch, onboardingViews } from './search.ts'
import { StartDialog } from './start-dialog.tsx'
import { Templates } from './templates.tsx'
import './onboarding.css'

/** Customers in onboarding, by phase; how onboarding goes in figures; the templates. */
export function OnboardingPage() {
  const t = useText()
  const navigate = useNavigate()
  const search = useSearch({ from: '/workspace/onboarding' })
  const mayHandle = useMay('onboarding.handle')
  const mayManage = useMay('onboarding.manage')
  const [starting, setStarting] = useState(false)
  const { data, error } = useRoute(listOnboardingTemplates)
  const { view = 'board' } = search
  const change = (next: OnboardingSearch) => void navigate({ to: '/onboarding', search: next, replace: true })
  const templates = data?.items.filter(({ state, running }) => state === 'enabled' || running > 0) ?? []
  const most = templates.toSorted((one, other) => other.running - one.running)[0]
  const template = templates.find(({ id }) => id === search.template) ?? most
  return (
    <Screen
      title={t('onboarding.title')}
      actions={
        view === 'templates'
          ? mayManage && (
              <Link
                to="/onboarding/templates/$id"
                params={{ id: 'new' }}
                className="k-button"
                data-kind="primary"
                data-size="small"
              >
                {t('onboarding.edit.new')}
              </Link>
            )
          : mayHandle &&
            templates.length > 0 && (
              <Button kind="primary" size="small" icon="plus" onClick={() => setStarting(true)}>
                {t('onboarding.start')}
              </Button>
            )
      }
    >
      <Page>
        <div className="ob-head">
          <Segments
            label={t('onboarding.view')}
            value={view}
            size="small"
            onChange={next => change({ ...search, view: next === 'board' ? undefined : next })}
            options={onboardingViews.map(value => ({ value, label: t(`onboarding.view.${value}`) }))}
          />
        </div>
        {error && !data ? (
          <EmptyState title={t('onboarding.failed')} text={wordsOf(error, t)} />
        ) : !data ? (
          <SkeletonRows rows={6} />
        ) : view === 'templates' ? (
          <Templates templates={data.items} />
        ) : !template ? (
          <EmptyState title={t('onboarding.templates.empty')} text={t('onboarding.templates.emptyText')} />
        ) : view === 'figures' ? (
          <Figures
            templates={templates}
            templateId={search.template}
            onChange={id => change({ ...search, template: id })}
          />
        ) : (
          <JourneyBoard templates={templates} template={template} search={search} onChange={change} />
        )}
      </Page>
      {starting && (
        <StartDialog
          templates={templates.filter(({ state }) => state === 'enabled')}
          onClose={() => setStarting(false)}
        />
      )}
    </Screen>
  )
}
