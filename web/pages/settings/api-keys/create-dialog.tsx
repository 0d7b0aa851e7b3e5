import { useState } from 'react'
import { createApiKey } from '../../../../server/platform/identity/contract/company.ts'
import { matrix, permissions, type Role } from '../../../../server/platform/permissions/contract.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { hasGrants, roleOf, useRoleOptions } from '../../../features/identity/role-options.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { CopyOnce } from '../../../kit/copy-once.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Checkbox, Field, RadioGroup, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { exampleCall } from './example.ts'

/** Days until a key ends; 0 is never. */
const terms = [30, 90, 365, 0] as const
const dayMilliseconds = 86_400_000

/** Makes a key, then shows it this one time. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const [made, setMade] = useState<{ name: string; key: string; example: string } | null>(null)
  if (!made) return <KeyForm onClose={onClose} onMade={setMade} />
  return (
    <Dialog
      key="made"
      open
      onClose={onClose}
      title={t('keys.madeTitle', { name: made.name })}
      foot={
        <Button kind="primary" onClick={onClose}>
          {t('keys.kept')}
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        <CopyOnce label={t('keys.key')} value={made.key} />
        <div>
          <p className="k-label">{t('keys.example')}</p>
          <pre className="s-code">
            <code>{made.example}</code>
          </pre>
          <p className="k-hint">{t('keys.exampleHint')}</p>
        </div>
      </div>
    </Dialog>
  )
}

interface KeyFormProps {
  onClose: () => void
  onMade: (made: { name: string; key: string; example: string }) => void
}

function KeyForm({ onClose, onMade }: KeyFormProps) {
  const t = useText()
  const format = useFormat()
  const { tenant } = useSession()
  const [role, setRole] = useState<Role>('read_only')
  const [reach, setReach] = useState('all')
  const roleOptions = useRoleOptions().filter(option => hasGrants(option.value))
  const create = useCommand(createApiKey, { quiet: true })
  const available = permissions.filter(
    permission => matrix[role][permission] && (permission !== 'mailbox.read' || tenant.demo),
  )
  return (
    <Dialog key="form" open onClose={onClose} title={t('keys.create')} text={t('keys.createText')}>
      <Form
        submit={t('keys.createSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          const chosen = values.list('scopes')
          const scopes = reach === 'all' ? [] : available.filter(permission => chosen.includes(permission))
          if (reach === 'some' && scopes.length === 0) throw new Error(t('keys.noScopes'))
          const days = values.number('term') ?? 0
          const expiresAt = days === 0 ? null : new Date(Date.now() + days * dayMilliseconds).toISOString()
          const { key } = await create.run({ body: { name, role, scopes, expiresAt } })
          toastDone(t('keys.made', { name }))
          onMade({ name, key, example: exampleCall(location.origin, role, scopes) })
        }}
      >
        <Field label={t('keys.name')} name="name" required hint={t('keys.nameHint')}>
          <TextInput maxLength={80} autoComplete="off" />
        </Field>
        <Field label={t('keys.role')} name="role" required hint={t('keys.roleHint')}>
          <Select
            options={roleOptions}
            value={role}
            onChange={event => setRole(roleOf(event.currentTarget.value) ?? role)}
          />
        </Field>
        <RadioGroup
          label={t('keys.scopes')}
          name="reach"
          value={reach}
          onChange={setReach}
          options={[
            { value: 'all', label: t('keys.reach.all'), hint: t('keys.reach.allHint') },
            { value: 'some', label: t('keys.reach.some'), hint: t('keys.reach.someHint') },
          ]}
        />
        {reach === 'some' && (
          <fieldset className="s-picker">
            <legend className="k-hidden">{t('keys.reach.some')}</legend>
            {available.map(permission => (
              <Checkbox
                key={`${role} ${permission}`}
                name="scopes"
                value={permission}
                label={t(`permissions.${permission}`)}
                hint={permission}
              />
            ))}
          </fieldset>
        )}
        <Field label={t('keys.expires')} name="term" required>
          <Select
            defaultValue={90}
            options={terms.map(days => ({
              value: String(days),
              label:
                days === 0
                  ? t('keys.noExpiry')
                  : t('keys.term', { days, day: format.day(Date.now() + days * dayMilliseconds) }),
            }))}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
