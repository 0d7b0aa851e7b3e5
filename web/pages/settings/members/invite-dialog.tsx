import { inviteMember } from '../../../../server/platform/identity/contract/company.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { roleOf, useRoleOptions } from '../../../features/identity/role-options.ts'
import { locales } from '../../../i18n/locale.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { toastDone } from '../../../kit/toast.tsx'

/** Invites one person by mail. */
export function InviteDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useText()
  const { tenant } = useSession()
  const options = useRoleOptions()
  const invite = useCommand(inviteMember, { quiet: true })
  return (
    <Dialog open onClose={onClose} title={t('members.inviteTitle')} text={t('members.inviteText')}>
      <Form
        submit={t('members.inviteSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const email = values.text('email')
          await invite.run({
            body: {
              email,
              role: roleOf(values.text('role')) ?? 'csm',
              locale: locales.find(each => each === values.text('locale')),
            },
          })
          toastDone(t('members.invited', { email }))
          onDone()
        }}
      >
        <Field label={t('account.workEmail')} name="email" required>
          <TextInput type="email" autoComplete="off" maxLength={254} />
        </Field>
        <Field label={t('members.role')} name="role" required hint={t('members.roleHint')}>
          <Select defaultValue="csm" options={options} />
        </Field>
        <Field label={t('members.mailLanguage')} name="locale" required>
          <Select
            defaultValue={tenant.locale}
            options={locales.map(value => ({ value, label: t(`frame.language.${value}`) }))}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
