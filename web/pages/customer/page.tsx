import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense } from 'react'
import { type Customer, getCustomer } from '../../../server/customers/accounts/contract/customers.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { CustomerActions } from './actions.tsx'
import './customer.css'
import { CustomerHead } from './head.tsx'
import { type CustomerTab, customerTabs } from './search.ts'

interface TabProps {
  customer: Customer
}

/** The parts of the page, each in a file of its own that is fetched with its tab. */
const parts: Record<CustomerTab, ComponentType<TabProps>> = {
  overview: lazy(async () => ({ default: (await import('./overview-tab.tsx')).OverviewTab })),
  timeline: lazy(async () => ({ default: (await import('./timeline-tab.tsx')).TimelineTab })),
  health: lazy(async () => ({ default: (await import('./health-tab.tsx')).HealthTab })),
  churn: lazy(async () => ({ default: (await import('./churn-tab.tsx')).ChurnTab })),
  usage: lazy(async () => ({ default: (await import('./usage-tab.tsx')).UsageTab })),
  people: lazy(async () => ({ default: (await import('./people-tab.tsx')).PeopleTab })),
  onboarding: lazy(async () => ({ default: (await import('./onboarding-tab.tsx')).OnboardingTab })),
  tasks: lazy(async () => ({ default: (await import('./tasks-tab.tsx')).TasksTab })),
  success: lazy(async () => ({ default: (await import('./success-tab.tsx')).SuccessTab })),
  billing: lazy(async () => ({ default: (await import('./billing-tab.tsx')).BillingTab })),
  tickets: lazy(async () => ({ default: (await import('./tickets-tab.tsx')).TicketsTab })),
  history: lazy(async () => ({ default: (await import('./history-tab.tsx')).HistoryTab })),
}

/** All that is known of one customer. */
export function CustomerPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/customers/$id' })
  const { tab = 'overview' } = useSearch({ from: '/workspace/customers/$id' })
  const navigate = useNavigate({ from: '/customers/$id' })
  const { data, error, isPlaceholderData } = useRoute(getCustomer, { params: { id } })
  const customer = isPlaceholderData ? undefined : data
  const show = (next: CustomerTab) =>
    void navigate({ search: next === 'overview' ? {} : { tab: next }, replace: true, resetScroll: false })
  return (
    <Screen
      title={customer?.name ?? t('customer.loading')}
      crumbs={[{ label: t('customers.title'), to: '/customers' }]}
      actions={customer && <CustomerActions customer={customer} onLog={() => show('timeline')} />}
    >
      <Page>
        {error && !customer ? (
          <EmptyState title={t('customer.missing')} text={wordsOf(error, t)} />
        ) : !customer ? (
          <SkeletonRows rows={8} />
        ) : (
          <>
            <CustomerHead customer={customer} />
            <Tabs
              label={t('customer.tabs')}
              value={tab}
              onChange={show}
              tabs={customerTabs.map(value => {
                const Part = parts[value]
                return {
                  value,
                  label: t(`customer.tab.${value}`),
                  content: (
                    <Suspense fallback={<SkeletonRows rows={6} />}>
                      <Part key={customer.id} customer={customer} />
                    </Suspense>
                  ),
                }
              })}
            />
          </>
        )}
      </Page>
    </Screen>
  )
}
