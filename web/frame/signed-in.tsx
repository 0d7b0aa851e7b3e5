import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { getSession, signOut, switchTenant } from '../../server/platform/identity/contract/account.ts'
import { call, carry } from '../api/client.ts'
import { queries, useCommand, useRoute } from '../api/hooks.ts'
import { ApiProblem } from '../api/problem.ts'
import { type Session, SessionProvider, useSession } from '../api/session.tsx'
import { onSessionFault, type SessionFault } from '../api/session-fault.ts'
import { chosenLocale } from '../i18n/locale.ts'
import { useLocale, useText } from '../i18n/provider.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Select } from '../kit/field.tsx'
import { OutsideScreen } from './outside-screen.tsx'
import { WaitingScreen } from './problem-screen.tsx'
import { Workspace } from './workspace.tsx'

/** Everything behind the sign-in: reads the session, and leads away when it ends. */
export function SignedIn() {
  const session = useRoute(getSession)
  const leave = useLeave()
  const adopting = useAccountLocale(session.data?.user.locale)
  const ended = session.error?.code === 'unauthenticated' || session.data?.state === 'second_factor'

  useEffect(() => {
    if (ended) leave(session.data?.state === 'second_factor' ? 'second_factor_required' : 'unauthenticated')
  }, [ended, leave, session.data?.state])

  if (session.error && !session.data && !ended) throw session.error
  if (!session.data || adopting || ended) return <WaitingScreen />
  const { user, tenant, tenants, member } = session.data
  if (!tenant || !member) return <NoCompany tenants={tenants} />
  return <InCompany session={{ user, tenant, tenants, member }} onLeave={leave} />
}

/** Leads to the sign-in and back here afterwards. Several requests may be refused at once; the first one leads. */
function useLeave(): (fault: Exclude<SessionFault, 'tenant_switched'>) => void {
  const router = useRouter()
  const left = useRef(false)
  const [leave] = useState(() => (fault: Exclude<SessionFault, 'tenant_switched'>) => {
    if (left.current) return
    left.current = true
    const { pathname, searchStr, hash } = router.latestLocation
    const here = pathname + searchStr
    void router
      .navigate({
        to: fault === 'unauthenticated' ? '/sign-in' : '/second-factor',
        search: here === '/' ? {} : { to: here },
        hash,
        replace: true,
      })
      .then(() => queries.clear())
  })
  return leave
}

/** Takes over the language of the account where none was chosen in this browser. @returns whether it is on its way */
function useAccountLocale(account: Session['user']['locale'] | undefined): boolean {
  const { locale, showLocale } = useLocale()
  const [done, setDone] = useState(() => chosenLocale() !== undefined)
  useEffect(() => {
    if (done || !account) return
    if (account === locale) setDone(true)
    else void showLocale(account).then(() => setDone(true))
  }, [done, account, locale, showLocale])
  return !done && account !== undefined && account !== locale
}

interface InCompanyProps {
  session: Session
  onLeave: (fault: Exclude<SessionFault, 'tenant_switched'>) => void
}

/** Works in one company until the page is loaded again: after a switch in another tab it says so and writes nothing. */
function InCompany({ session, onLeave }: InCompanyProps) {
  const [first] = useState(session)
  const [switched, setSwitched] = useState(false)
  const isSame = session.tenant.id === first.tenant.id && session.user.id === first.user.id
  carry({ tenant: first.tenant.id })
  useEffect(
    () => onSessionFault(fault => (fault === 'tenant_switched' ? setSwitched(true) : onLeave(fault))),
    [onLeave],
  )
  return (
    <SessionProvider session={isSame ? session : first} switchTenant={openCompany} signOut={endSession}>
      <Workspace />
      <SwitchedElsewhere open={switched || !isSame} onClose={() => setSwitched(false)} />
    </SessionProvider>
  )
}

/** Opens another company, from its home: the page is loaded anew, so that nothing of the former one stays. */
async function openCompany(tenantId: string): Promise<void> {
  await call(switchTenant, { body: { tenantId } })
  location.assign('/')
}

/** Ends the session; the page is loaded anew, so that nothing of it stays in memory. */
async function endSession(): Promise<void> {
  await call(signOut).catch(fault => {
    if (!(fault instanceof ApiProblem && fault.code === 'unauthenticated')) throw fault
  })
  location.assign('/sign-in')
}

function SwitchedElsewhere({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText()
  const { tenant } = useSession()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('frame.switched.title')}
      text={t('frame.switched.text', { company: tenant.name })}
      foot={
        <Button kind="primary" icon="refresh" onClick={() => location.reload()}>
          {t('frame.switched.reload')}
        </Button>
      }
    />
  )
}

/** Somebody who was taken out of the company they worked in. */
function NoCompany({ tenants }: { tenants: Session['tenants'] }) {
  const t = useText()
  const [chosen, setChosen] = useState(tenants[0]?.id ?? '')
  const open = useCommand(switchTenant, { stale: [], onDone: () => location.assign('/') })
  return (
    <OutsideScreen
      title={t(tenants.length > 0 ? 'frame.noCompany.othersTitle' : 'frame.noCompany.title')}
      text={t(tenants.length > 0 ? 'frame.noCompany.others' : 'frame.noCompany.text')}
      foot={
        <button type="button" className="k-link" onClick={endSession}>
          {t('frame.user.signOut')}
        </button>
      }
    >
      {tenants.length > 0 && (
        <div className="grid gap-4">
          <Select
            aria-label={t('frame.tenant.list')}
            value={chosen}
            onChange={event => setChosen(event.target.value)}
            options={tenants.map(each => ({ value: each.id, label: each.name }))}
          />
          <Button
            kind="primary"
            pending={open.pending}
            onClick={() => open.run({ body: { tenantId: chosen } }).catch(() => {})}
          >
            {t('frame.noCompany.open')}
          </Button>
        </div>
      )}
    </OutsideScreen>
  )
}
