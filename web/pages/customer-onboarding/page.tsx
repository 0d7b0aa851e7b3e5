import { type ReactNode, useCallback, useEffect, useState } from 'react'
import {
  type CustomerPage,
  certificateOnCustomerPage,
  enterPageCode,
  readCustomerPage,
  sendPageCode,
  tickOnCustomerPage,
} from '../../../server/engage/onboarding/contract/customer-page.ts'
import { call, callForFile } from '../../api/client.ts'
import { wordsOf } from '../../api/hooks.ts'
import { useFragmentToken } from '../../features/identity/fragment-token.ts'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Checkbox, Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { saveFile } from '../../kit/save-file.ts'
import { SkeletonText } from '../../kit/skeleton.tsx'
import './customer-onboarding.css'

type Journey = NonNullable<CustomerPage['journey']>

/** What a customer sees of its onboarding without signing in: what is shared with it, and its own tasks to tick. */
export function CustomerOnboardingPage() {
  const t = useText()
  const token = useFragmentToken()
  const [session, setSession] = useState<string>()
  const [page, setPage] = useState<CustomerPage>()
  const [gone, setGone] = useState(false)
  const read = useCallback(
    (own?: string) => {
      call(readCustomerPage, { body: { token, ...(own && { session: own }) } }).then(setPage, () => setGone(true))
    },
    [token],
  )
  useEffect(() => {
    setGone(false)
    setPage(undefined)
    read()
  }, [read])
  if (gone) return <OutsideScreen key="gone" title={t('onboarding.page.gone')} text={t('onboarding.page.goneText')} />
  if (page?.needsCode) {
    const enter = (own: string) => {
      setSession(own)
      read(own)
    }
    return <EnterCode token={token} onEnter={enter} />
  }
  if (!page?.journey) {
    return (
      <OutsideScreen key="loading" title={t('onboarding.page.title')}>
        <div aria-busy="true">
          <p className="k-hidden" role="status">
            {t('onboarding.page.loading')}
          </p>
          <SkeletonText width="72%" />
        </div>
      </OutsideScreen>
    )
  }
  const bearer = { token, ...(session && { session }) }
  return (
    <Tasks journey={page.journey} bearer={bearer} onChange={setPage}>
      {page.certificates.length > 0 && <Certificates certificates={page.certificates} bearer={bearer} />}
    </Tasks>
  )
}

function EnterCode({ token, onEnter }: { token: string; onEnter: (session: string) => void }) {
  const t = useText()
  const [sent, setSent] = useState(false)
  const [fault, setFault] = useState<unknown>()
  const send = () =>
    call(sendPageCode, { body: { token } }).then(
      () => setSent(true),
      problem => setFault(problem),
    )
  return (
    <OutsideScreen key="code" title={t('onboarding.page.code')} text={t('onboarding.page.codeText')}>
      <div className="grid gap-4">
        {fault !== undefined && (
          <Note tone="red" alert>
            {wordsOf(fault, t)}
          </Note>
        )}
        {sent && <p role="status">{t('onboarding.page.sent')}</p>}
        <Button onClick={() => void send()}>{t('onboarding.page.send')}</Button>
        {sent && (
          <Form
            submit={t('onboarding.page.open')}
            onSubmit={async values => {
              const { session } = await call(enterPageCode, { body: { token, code: values.text('code') } })
              onEnter(session)
            }}
          >
            <Field label={t('onboarding.page.code')} name="code" required>
              <TextInput inputMode="numeric" autoComplete="one-time-code" pattern="\d{6}" maxLength={6} />
            </Field>
          </Form>
        )}
      </div>
    </OutsideScreen>
  )
}

interface Bearer {
  token: string
  session?: string
}

/** What the customer has completed, each with its certificate in the language of the page. */
function Certificates({ certificates, bearer }: { certificates: CustomerPage['certificates']; bearer: Bearer }) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const [fault, setFault] = useState<unknown>()
  const save = (id: string, title: string) => {
    setFault(undefined)
    callForFile(certificateOnCustomerPage, { body: { ...bearer, id, language: locale } }).then(
      file => saveFile(file, `${title}.pdf`),
      setFault,
    )
  }
  return (
    <section className="co-group" aria-label={t('onboarding.certificates')}>
      <h2>{t('onboarding.certificates')}</h2>
      {fault !== undefined && (
        <Note tone="red" alert>
          {wordsOf(fault, t)}
        </Note>
      )}
      <ul>
        {certificates.map(({ id, title, contactName, issuedOn }) => (
          <li key={id}>
            <span>
              {contactName ? t('onboarding.certificateOf', { name: contactName, title: title[locale] }) : title[locale]}
              {' · '}
              {format.day(issuedOn)}
            </span>
            <Button size="small" icon="download" onClick={() => save(id, title[locale])}>
              PDF
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface TasksProps {
  journey: Journey
  bearer: Bearer
  onChange: (page: CustomerPage) => void
  /** What stands above the tasks. */
  children: ReactNode
}

function Tasks({ journey, bearer, onChange, children }: TasksProps) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const [fault, setFault] = useState<unknown>()
  const tick = (task: string, done: boolean) =>
    call(tickOnCustomerPage, { body: { ...bearer, task, done } }).then(
      page => {
        setFault(undefined)
        onChange(page)
      },
      problem => setFault(problem),
    )
  const groups = [
    { title: t('onboarding.page.yours'), tasks: journey.tasks.filter(({ own }) => own) },
    { title: t('onboarding.page.others'), tasks: journey.tasks.filter(({ own }) => !own) },
  ]
  const all = journey.tasks.length
  const done = journey.tasks.filter(task => task.done).length
  const percent = all === 0 ? 0 : Math.round((100 * done) / all)
  const range = { from: format.day(journey.startsOn), to: format.day(journey.endsOn) }
  return (
    <OutsideScreen
      key="tasks"
      title={journey.customer}
      text={t('onboarding.page.with', { company: journey.company, name: journey.name[locale] })}
    >
      <div className="co-progress">
        <span>{t('onboarding.page.period', range)}</span>
        <progress value={percent} max={100} aria-label={t('onboarding.progress')} />
        <span>{t('onboarding.progressOf', { done, all, percent })}</span>
      </div>
      {fault !== undefined && (
        <Note tone="red" alert>
          {wordsOf(fault, t)}
        </Note>
      )}
      {journey.status !== 'running' && <Note>{t(`onboarding.page.${journey.status}`)}</Note>}
      {children}
      {groups.map(
        ({ title, tasks }) =>
          tasks.length > 0 && (
            <section key={title} className="co-group" aria-label={title}>
              <h2>{title}</h2>
              <ul>
                {tasks.map(task => (
                  <li key={task.key}>
                    {task.own ? (
                      <Checkbox
                        label={task.title[locale]}
                        {...(task.description[locale] && { hint: task.description[locale] })}
                        checked={task.done}
                        disabled={journey.status !== 'running'}
                        onChange={event => void tick(task.key, event.target.checked)}
                      />
                    ) : (
                      <span>{task.title[locale]}</span>
                    )}
                    {task.done ? (
                      <Badge tone="green">{t('onboarding.page.doneMark')}</Badge>
                    ) : (
                      <Badge tone={task.late ? 'red' : 'line'}>
                        {t('onboarding.due', { day: format.day(task.dueOn) })}
                      </Badge>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
    </OutsideScreen>
  )
}
