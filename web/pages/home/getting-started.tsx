import { Link } from '@tanstack/react-router'
import { summarizeCustomers } from '../../../server/customers/accounts/contract/customers.ts'
import { listApiKeys, listInvitations, listRoles } from '../../../server/platform/identity/contract/company.ts'
import { useRouteWhen } from '../../api/hooks.ts'
import { useMay, useSession } from '../../api/session.tsx'
import { type SettingsEntry, settings } from '../../frame/navigation.ts'
import { mayOpen } from '../../frame/side-navigation.tsx'
import { monthName } from '../../i18n/month-name.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

interface Step {
  /** A screen of the settings, or the address of another. */
  screen: SettingsEntry['screen'] | '/imports/new'
  title: string
  text: string
  done: boolean
  action: string
}

/** What a new company does first, with how far it is by the data; only what the person may do. Gone when all is done. */
export function GettingStarted() {
  const t = useText()
  const company = useCompanyStep()
  const invite = useInviteStep()
  const customers = useImportStep()
  const key = useKeyStep()
  const factor = useFactorStep()
  const known = [company, invite, customers, key, factor]
  const steps = known.filter(step => step !== 'hidden' && step !== 'waiting')
  const isWaiting = known.includes('waiting')
  const left = steps.filter(step => !step.done).length
  if (!isWaiting && left === 0) return null
  return (
    <Section
      title={t('home.steps.title')}
      note={!isWaiting && t('home.steps.note', { done: steps.length - left, total: steps.length })}
      flush
    >
      {isWaiting ? (
        <SkeletonRows rows={4} />
      ) : (
        <ol className="h-steps">
          {steps.map(step => (
            <StepLine key={step.screen} step={step} />
          ))}
        </ol>
      )}
    </Section>
  )
}

function StepLine({ step }: { step: Step }) {
  const t = useText()
  const session = useSession()
  const target =
    step.screen === '/imports/new'
      ? step.screen
      : settings.find(entry => entry.screen === step.screen && mayOpen(entry, session))?.to
  return (
    <li data-done={step.done || undefined}>
      <span className="h-step-mark" role="img" aria-label={t(step.done ? 'home.steps.done' : 'home.steps.open')}>
        {step.done && <Icon name="check" size="small" />}
      </span>
      <div>
        <strong>{step.title}</strong>
        <p>{step.text}</p>
      </div>
      {target && (
        <Link to={target} className={step.done ? 'k-link' : 'k-button'} aria-label={`${step.title}: ${step.action}`}>
          {step.action}
        </Link>
      )}
    </li>
  )
}

/** `hidden` where the person may not do it, `waiting` while the answer is on its way. */
type StepState = Step | 'hidden' | 'waiting'

function useCompanyStep(): StepState {
  const t = useText()
  const { locale } = useLocale()
  const { tenant } = useSession()
  if (!useMay('company.manage')) return 'hidden'
  return {
    screen: 'company',
    title: t('home.steps.company'),
    text: t('home.steps.companyText', {
      month: monthName(tenant.fiscalYearStart, locale),
      currency: tenant.currency,
      zone: tenant.timeZone,
    }),
    done: true,
    action: t('home.steps.companyAction'),
  }
}

function useInviteStep(): StepState {
  const t = useText()
  const may = useMay('members.manage')
  const invitations = useRouteWhen(may, listInvitations, { query: { limit: 200 } })
  const roles = useRouteWhen(may, listRoles)
  if (!may || invitations.error || roles.error) return 'hidden'
  if (!invitations.data || !roles.data) return 'waiting'
  const open = invitations.data.items.filter(({ state }) => state === 'open').length
  const members = roles.data.items.reduce((sum, each) => sum + each.members, 0)
  const done = open > 0 || members > 1
  return {
    screen: 'members',
    title: t('home.steps.invite'),
    text: done ? t('home.steps.inviteDone', { members, open }) : t('home.steps.inviteText'),
    done,
    action: t('home.steps.inviteAction'),
  }
}

function useImportStep(): StepState {
  const t = useText()
  const may = useMay('imports.manage')
  const summary = useRouteWhen(may, summarizeCustomers, { query: {} })
  if (!may || summary.error) return 'hidden'
  if (!summary.data) return 'waiting'
  const { count } = summary.data
  return {
    screen: '/imports/new',
    title: t('home.steps.import'),
    text: count > 0 ? t('home.steps.importDone', { count }) : t('home.steps.importText'),
    done: count > 0,
    action: t('home.steps.importAction'),
  }
}

function useKeyStep(): StepState {
  const t = useText()
  const may = useMay('api_keys.manage')
  const keys = useRouteWhen(may, listApiKeys, { query: { limit: 200 } })
  if (!may || keys.error) return 'hidden'
  if (!keys.data) return 'waiting'
  const count = keys.data.items.filter(({ state }) => state === 'active').length
  return {
    screen: 'api-keys',
    title: t('home.steps.key'),
    text: count > 0 ? t('home.steps.keyDone', { count }) : t('home.steps.keyText'),
    done: count > 0,
    action: t('home.steps.keyAction'),
  }
}

function useFactorStep(): StepState {
  const t = useText()
  const { user } = useSession()
  return {
    screen: 'security',
    title: t('home.steps.factor'),
    text: t(user.secondFactor ? 'home.steps.factorDone' : 'home.steps.factorText'),
    done: user.secondFactor,
    action: t('home.steps.factorAction'),
  }
}
