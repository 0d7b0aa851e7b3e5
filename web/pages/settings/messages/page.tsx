import { useState } from 'react'
import { changeMessageSettings, readMessageSettings } from '../../../../server/engage/messages/contract/settings.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Checkbox, Field, Textarea, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { Tabs } from '../../../kit/tabs.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { Providers } from './providers.tsx'
import { Senders } from './senders.tsx'
import { Suppressions } from './suppressions.tsx'
import { Topics } from './topics.tsx'

/** What messages are about, who they come from, who gets none, and what is tracked. */
export function MessageSettingsPage() {
  const t = useText()
  const mayManage = useMay('messages.manage')
  const [tab, setTab] = useState<'topics' | 'senders' | 'suppressions' | 'providers' | 'tracking'>('topics')
  return (
    <SettingsScreen title={t('mailing.settingsTitle')} wide>
      <Permitted permission="messages.read">
        <Tabs
          label={t('mailing.settingsTitle')}
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'topics', label: t('mailing.topics'), content: <Topics /> },
            { value: 'senders', label: t('mailing.senders'), content: <Senders /> },
            ...(mayManage
              ? [
                  { value: 'suppressions' as const, label: t('mailing.suppressions'), content: <Suppressions /> },
                  { value: 'providers' as const, label: t('mailing.providers'), content: <Providers /> },
                ]
              : []),
            { value: 'tracking', label: t('mailing.tracking'), content: <Tracking /> },
          ]}
        />
      </Permitted>
    </SettingsScreen>
  )
}

function Tracking() {
  const t = useText()
  const { data, error } = useRoute(readMessageSettings)
  if (error) return <EmptyState title={t('mailing.tracking')} text={wordsOf(error, t)} />
  return data ? <TrackingForm settings={data} /> : <SkeletonRows rows={4} />
}

function TrackingForm({ settings }: { settings: RouteReply<typeof readMessageSettings> }) {
  const t = useText()
  const mayManage = useMay('messages.manage')
  const save = useCommand(changeMessageSettings, { quiet: true })
  return (
    <Form
      submit={t('mailing.save')}
      onSubmit={async values => {
        await save.run({
          body: {
            openTracking: values.flag('openTracking'),
            clickTracking: values.flag('clickTracking'),
            withoutConsent: values.flag('withoutConsent'),
            postalAddress: values.text('postalAddress'),
            lateHours: values.number('lateHours') ?? 6,
          },
        })
        toastDone(t('mailing.saved'))
      }}
    >
      <fieldset disabled={!mayManage} className="grid gap-4">
        <Checkbox label={t('mailing.openTracking')} name="openTracking" defaultChecked={settings.openTracking} />
        <Checkbox label={t('mailing.clickTracking')} name="clickTracking" defaultChecked={settings.clickTracking} />
        <Checkbox
          label={t('mailing.withoutConsent')}
          hint={t('mailing.withoutConsentHint')}
          name="withoutConsent"
          defaultChecked={settings.withoutConsent}
        />
        <Field label={t('mailing.postalAddress')} name="postalAddress">
          <Textarea maxLength={500} defaultValue={settings.postalAddress} />
        </Field>
        <Field label={t('mailing.lateHours')} name="lateHours" required>
          <TextInput type="number" min={1} max={168} defaultValue={settings.lateHours} />
        </Field>
      </fieldset>
    </Form>
  )
}
