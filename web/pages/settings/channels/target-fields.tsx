import type { ChannelKind } from '../../../../server/engage/notices/contract/channels.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Field, PasswordInput, Textarea, TextInput } from '../../../kit/field.tsx'

/** What has to be known of where a channel leads to. */
export function TargetFields({ kind }: { kind: ChannelKind }) {
  const t = useText()
  const isSigned = kind === 'webhook' || kind === 'sms'
  return (
    <>
      {kind === 'slack_api' ? (
        <>
          <Field label={t('notices.token')} name="target.token" required hint={t('notices.urlHint')}>
            <PasswordInput maxLength={210} autoComplete="off" placeholder="xoxb-" />
          </Field>
          <Field label={t('notices.slackChannel')} name="target.channel" required>
            <TextInput maxLength={80} autoComplete="off" placeholder="#csm-alerts" />
          </Field>
          <Field label={t('notices.signingSecret')} name="target.signingSecret" hint={t('notices.signingSecretHint')}>
            <PasswordInput maxLength={64} autoComplete="off" pattern="[0-9a-f]{16,64}" />
          </Field>
          <Field label={t('notices.apiUrl')} name="target.apiUrl" hint={t('notices.apiUrlHint')}>
            <TextInput type="url" maxLength={2_000} autoComplete="off" placeholder="https://slack.com/api/" />
          </Field>
        </>
      ) : (
        <Field label={t('notices.url')} name="target.url" required hint={t('notices.urlHint')}>
          <TextInput type="url" maxLength={2_000} autoComplete="off" placeholder="https://" />
        </Field>
      )}
      {kind === 'sms' && (
        <Field label={t('notices.numbers')} name="target.numbers" required hint={t('notices.numbersHint')}>
          <Textarea rows={3} />
        </Field>
      )}
      {isSigned && (
        <Field label={t('notices.secretOwn')} name="target.secret" hint={t('notices.secretHint')}>
          <PasswordInput maxLength={100} autoComplete="off" placeholder="whsec_" />
        </Field>
      )}
    </>
  )
}
