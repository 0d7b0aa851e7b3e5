import { useState } from 'react'
import {
  changePreferences,
  type NoticeChoice,
  type NoticeTimes,
  readPreferences,
} from '../../../../server/engage/notices/contract/preferences.ts'
import { severities, topics } from '../../../../server/engage/notices/contract/shapes.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Checkbox, Field, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import './notifications.css'

export function NotificationsPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('notices.mine')} wide>
      <Permitted permission="company.read">
        <Preferences />
      </Permitted>
    </SettingsScreen>
  )
}

function Preferences() {
  const t = useText()
  const { data, error } = useRoute(readPreferences)
  if (error && !data) return <Note tone="red">{wordsOf(error, t)}</Note>
  if (!data) return <SkeletonRows rows={10} />
  return (
    <>
      <p className="text-t2 mb-5">{t('notices.mineText', { zone: data.timeZone })}</p>
      <Section title={t('notices.choices')} flush>
        <Choices choices={data.choices} />
      </Section>
      <Section title={t('notices.times')}>
        <TimesForm times={data.times} />
      </Section>
    </>
  )
}

/** Ways as a person thinks of them; behind each stands a pair of the contract. */
const ways = {
  now: { inApp: true, mail: 'now' },
  digest: { inApp: true, mail: 'digest' },
  app: { inApp: true, mail: 'off' },
  mail: { inApp: false, mail: 'now' },
  mail_digest: { inApp: false, mail: 'digest' },
  off: { inApp: false, mail: 'off' },
} as const
type Way = keyof typeof ways
const wayNames = Object.keys(ways) as Way[]
const gravestFirst = severities.toReversed()

function wayOf({ inApp, mail }: NoticeChoice): Way {
  return wayNames.find(way => ways[way].inApp === inApp && ways[way].mail === mail) ?? 'off'
}

function Choices({ choices }: { choices: readonly NoticeChoice[] }) {
  const t = useText()
  const change = useCommand(changePreferences)
  const set = async (choice: NoticeChoice, way: Way) => {
    await change.run({ body: { choices: [{ ...choice, ...ways[way] }] } }).catch(() => {})
    toastDone(t('notices.changed'))
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="k-table-scroll n-choices" aria-label={t('notices.choices')} tabIndex={0}>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('notices.topic')}</th>
            {gravestFirst.map(severity => (
              <th key={severity} scope="col">
                {t(`notices.severity.${severity}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {topics.map(topic => (
            <tr key={topic}>
              <th scope="row">{t(`notices.topic.${topic}`)}</th>
              {gravestFirst.map(severity => {
                const choice = choices.find(each => each.topic === topic && each.severity === severity)
                if (!choice) return <td key={severity} />
                return (
                  <td key={severity} data-severity={t(`notices.severity.${severity}`)}>
                    <Select
                      aria-label={t('notices.choiceFor', {
                        topic: t(`notices.topic.${topic}`),
                        severity: t(`notices.severity.${severity}`),
                      })}
                      value={wayOf(choice)}
                      options={wayNames.map(way => ({ value: way, label: t(`notices.choice.${way}`) }))}
                      onChange={event => {
                        const way = wayNames.find(each => each === event.currentTarget.value)
                        if (way) void set(choice, way)
                      }}
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

function TimesForm({ times }: { times: NoticeTimes }) {
  const t = useText()
  const [quiet, setQuiet] = useState(times.quiet !== null)
  const change = useCommand(changePreferences, { quiet: true })
  return (
    <Form
      submit={t('notices.saveTimes')}
      onSubmit={async values => {
        await change.run({
          body: {
            times: {
              digestAt: values.text('digestAt'),
              quiet: quiet ? { from: values.text('quietFrom'), to: values.text('quietTo') } : null,
              workingDays: values.list('days').map(Number),
              japaneseHolidays: values.flag('holidays'),
              criticalPasses: values.flag('critical'),
              weeklyReport: values.flag('weekly'),
            },
          },
        })
        toastDone(t('notices.changed'))
      }}
    >
      <div className="n-clock">
        <Field label={t('notices.digestAt')} name="digestAt" required>
          <TextInput type="time" defaultValue={times.digestAt} />
        </Field>
      </div>
      <Checkbox
        label={t('notices.quiet')}
        hint={t('notices.quietHint')}
        checked={quiet}
        onChange={event => setQuiet(event.currentTarget.checked)}
      />
      {quiet && (
        <div className="n-clocks">
          <Field label={t('notices.quietFrom')} name="quietFrom" required>
            <TextInput type="time" defaultValue={times.quiet?.from ?? '20:00'} />
          </Field>
          <Field label={t('notices.quietTo')} name="quietTo" required>
            <TextInput type="time" defaultValue={times.quiet?.to ?? '08:00'} />
          </Field>
        </div>
      )}
      <fieldset>
        <legend className="k-label">{t('notices.workingDays')}</legend>
        <div className="n-days">
          {weekdays.map(day => (
            <Checkbox
              key={day}
              name="days"
              value={day}
              label={t(`notices.day.${day}`)}
              defaultChecked={times.workingDays.includes(day)}
            />
          ))}
        </div>
        <p className="k-hint">{t('notices.workingDaysHint')}</p>
      </fieldset>
      <Checkbox name="holidays" label={t('notices.holidays')} defaultChecked={times.japaneseHolidays} />
      <Checkbox name="critical" label={t('notices.critical')} defaultChecked={times.criticalPasses} />
      <Checkbox
        name="weekly"
        label={t('notices.weekly')}
        hint={t('notices.weeklyHint')}
        defaultChecked={times.weeklyReport}
      />
    </Form>
  )
}
