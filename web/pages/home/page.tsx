import { lazy, Suspense } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import {
  getCompany,
  listInvitations,
  listMembers,
  listRoles,
} from '../../../server/platform/identity/contract/company.ts'
import { useRoute, useRouteWhen } from '../../api/hooks.ts'
import { useMay, useSession } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { withTexts } from '../../i18n/load.ts'
import { monthName } from '../../i18n/month-name.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Avatar } from '../../kit/badge.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Columns, Facts, Page, PageHead, Pairs, Section } from '../../kit/layout.tsx'
import { SkeletonRows, SkeletonText } from '../../kit/skeleton.tsx'
import { GettingStarted } from './getting-started.tsx'
import './home.css'

const Portfolio = lazy(
  withTexts(
    async () => ({ default: (await import('./portfolio.tsx')).Portfolio }),
    'customers',
    'record',
    'kpis',
    'tasks',
  ),
)

/** Colleagues shown beside the list. */
const colleaguesShown = 6

/** Today's work: the person's customers, how far the set-up is, and who is here. */
export function HomePage() {
  const t = useText()
  const mayRead = useMay('company.read')
  return (
    <Screen title={t('frame.nav.home')}>
      <Page>
        <Head />
        {mayRead ? (
          <Columns
            main={
              <>
                <Customers />
                <GettingStarted />
              </>
            }
            rail={
              <>
                <Colleagues />
                <Company />
              </>
            }
          />
        ) : (
          <Customers />
        )}
      </Page>
    </Screen>
  )
}

function Head() {
  const t = useText()
  const format = useFormat()
  const { tenant } = useSession()
  const mayRead = useMay('company.read')
  return (
    <PageHead text={t('home.date', { date: format.weekday(format.today()), company: tenant.name })}>
      {mayRead && <HeadFacts />}
    </PageHead>
  )
}

function HeadFacts() {
  const t = useText()
  const format = useFormat()
  const mayManage = useMay('members.manage')
  const roles = useRoute(listRoles)
  const invitations = useRouteWhen(mayManage, listInvitations, { query: { limit: 200 } })
  const members = roles.data?.items.reduce((sum, each) => sum + each.members, 0)
  const open = invitations.data?.items.filter(({ state }) => state === 'open').length
  const shown = (figure: number | undefined) =>
    figure === undefined ? <SkeletonText width={32} /> : format.number(figure)
  const facts = [{ label: t('home.members'), value: shown(members) }]
  if (mayManage) facts.push({ label: t('home.invited'), value: shown(open) })
  return <Facts facts={facts} />
}

function Customers() {
  const t = useText()
  if (!useMay('customers.read'))
    return (
      <Section title={t('home.customers.title')}>
        <EmptyState title={t('home.customers.emptyTitle')} text={t('home.customers.emptyText')} />
      </Section>
    )
  return (
    <Suspense fallback={<SkeletonRows rows={6} />}>
      <Portfolio />
    </Suspense>
  )
}

function Colleagues() {
  const t = useText()
  const { member: self } = useSession()
  const members = useRoute(listMembers, { query: { limit: colleaguesShown } })
  return (
    <Section title={t('home.colleagues')} flush>
      {members.data ? (
        <ul className="h-people">
          {members.data.items.map(member => (
            <Colleague key={member.id} member={member} isSelf={member.id === self.id} />
          ))}
        </ul>
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Section>
  )
}

interface ColleagueProps {
  member: RouteReply<typeof listMembers>['items'][number]
  isSelf: boolean
}

function Colleague({ member, isSelf }: ColleagueProps) {
  const t = useText()
  return (
    <li>
      <Avatar name={member.name} />
      <span className="truncate" title={`${member.name} <${member.email}>`}>
        {member.name}
        {isSelf && <small>{t('home.you')}</small>}
      </span>
      <span className="text-12 text-t3">{t(`roles.${member.role}`)}</span>
    </li>
  )
}

function Company() {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const company = useRoute(getCompany)
  if (!company.data) return null
  const { slug, timeZone, currency, fiscalYearStart, createdAt } = company.data
  return (
    <Section title={t('home.company')}>
      <Pairs
        pairs={[
          [t('home.company.address'), slug],
          [t('home.company.zone'), timeZone],
          [t('home.company.currency'), currency],
          [t('home.company.year'), monthName(fiscalYearStart, locale)],
          [t('home.company.since'), format.day(createdAt)],
        ]}
      />
    </Section>
  )
}
