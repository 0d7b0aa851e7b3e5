import { Link, useNavigate } from '@tanstack/react-router'
import { countAlerts } from '../../server/engage/alerts/contract/counts.ts'
import { countTasks } from '../../server/engage/tasks/contract/counts.ts'
import { useRoute } from '../api/hooks.ts'
import { type Session, useMay, useSession } from '../api/session.tsx'
import { useText } from '../i18n/provider.tsx'
import { Avatar } from '../kit/badge.tsx'
import { Icon } from '../kit/icon.tsx'
import { Menu, MenuChoice, MenuItem, MenuRule } from '../kit/menu.tsx'
import { type NavigationEntry, navigation, settingsEntry } from './navigation.ts'
import { ProductMark } from './product-mark.tsx'

/** Whether the person may open a screen of the navigation, and the company has it. */
export function mayOpen(entry: NavigationEntry, { member, tenant }: Session): boolean {
  if (entry.demoOnly && !tenant.demo) return false
  return entry.permission === undefined || member.grants[entry.permission] !== undefined
}

/** Company at the top, screens by stage, person at the bottom. */
export function SideNavigation() {
  const t = useText()
  const session = useSession()
  const groups = navigation
    .map(group => ({ ...group, entries: group.entries.filter(entry => mayOpen(entry, session)) }))
    .filter(group => group.entries.length > 0)
  return (
    <nav className="f-side" aria-label={t('frame.nav.main')}>
      <TenantSwitcher />
      {groups.map(group => (
        <div key={group.label ?? 'first'}>
          {group.label && <h2>{t(group.label)}</h2>}
          {group.entries.map(entry => (
            <NavigationLink key={entry.to} entry={entry} />
          ))}
        </div>
      ))}
      <div className="f-side-foot">
        <NavigationLink entry={settingsEntry} />
        <UserMenu />
      </div>
    </nav>
  )
}

function NavigationLink({ entry }: { entry: NavigationEntry }) {
  const t = useText()
  return (
    <Link to={entry.to} className="f-side-line" activeOptions={{ exact: entry.to === '/' }}>
      <Icon name={entry.icon} />
      <span className="truncate">{t(entry.label)}</span>
      {entry.counts === 'alerts' && <AlertCount />}
      {entry.counts === 'tasks' && <TaskCount />}
    </Link>
  )
}

/** How many alerts are one's own; of all where one has none to see to. */
function AlertCount() {
  const t = useText()
  const { data } = useRoute(countAlerts)
  const handles = useMay('alerts.handle')
  const count = handles ? data?.own : data?.all
  return count ? <Count count={count} words={t('frame.nav.alertCount', { count })} /> : null
}

/** How many tasks one has to do. */
function TaskCount() {
  const t = useText()
  const count = useRoute(countTasks).data?.own
  return count ? <Count count={count} words={t('frame.nav.taskCount', { count })} /> : null
}

function Count({ count, words }: { count: number; words: string }) {
  return (
    <span className="f-count">
      <span aria-hidden="true">{count}</span>
      <span className="k-hidden">{words}</span>
    </span>
  )
}

/** The company's name; a menu of companies for whoever belongs to several. */
export function TenantSwitcher() {
  const t = useText()
  const { tenant, tenants, switchTenant } = useSession()
  if (tenants.length < 2)
    return (
      <div className="f-side-line f-tenant">
        <ProductMark />
        <span className="truncate" title={tenant.name}>
          {tenant.name}
        </span>
      </div>
    )
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="f-side-line f-tenant"
          aria-label={t('frame.tenant.switch', { name: tenant.name })}
        >
          <ProductMark />
          <span className="truncate" title={tenant.name}>
            {tenant.name}
          </span>
          <Icon name="chevron-down" size="tiny" />
        </button>
      }
    >
      <MenuChoice
        label={t('frame.tenant.list')}
        value={tenant.id}
        options={tenants.map(each => ({ value: each.id, label: each.name }))}
        onChange={switchTenant}
      />
    </Menu>
  )
}

/** The person, and the way out. */
export function UserMenu() {
  const t = useText()
  const navigate = useNavigate()
  const { user, signOut } = useSession()
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button type="button" className="f-side-line">
          <Avatar name={user.name} />
          <span className="truncate" title={user.email}>
            {user.name}
          </span>
        </button>
      }
    >
      <MenuItem icon="user" onSelect={() => void navigate({ to: '/settings/profile' })}>
        {t('settings.nav.profile')}
      </MenuItem>
      <MenuItem icon="report" onSelect={() => void navigate({ to: '/docs' })}>
        {t('frame.nav.docs')}
      </MenuItem>
      <MenuRule />
      <MenuItem icon="exit" onSelect={signOut}>
        {t('frame.user.signOut')}
      </MenuItem>
    </Menu>
  )
}
