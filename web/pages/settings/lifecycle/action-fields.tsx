import { Link } from '@tanstack/react-router'
import { customerStatuses } from '../../../../server/customers/accounts/contract/customers.ts'
import type { ColleagueChoice } from '../../../../server/platform/identity/contract/colleague.ts'
import type { StageAction } from '../../../../server/signals/lifecycle/contract/stages.ts'
import { useAllMembers } from '../../../features/identity/all-members.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { Field, Select, Textarea, TextInput } from '../../../kit/field.tsx'
import { Menu, MenuItem } from '../../../kit/menu.tsx'
import { Channels } from '../alert-rules/channels.tsx'
import { Recipients } from '../alert-rules/recipients.tsx'

const most = 10
const firsts: { [Kind in StageAction['kind']]: Extract<StageAction, { kind: Kind }> } = {
  notify: { kind: 'notify', to: [{ kind: 'role', role: 'sales_marketing' }], channels: [] },
  sync: { kind: 'sync', channels: [] },
  create_customer: { kind: 'create_customer', status: 'ONBOARDING', ownerId: null },
  welcome_mail: { kind: 'welcome_mail', subjectJa: '', subjectEn: '', bodyJa: '', bodyEn: '' },
}
const kinds = ['notify', 'sync', 'create_customer', 'welcome_mail'] as const

interface ActionFieldsProps {
  actions: readonly StageAction[]
  onChange: (actions: StageAction[]) => void
}

/** What is done for each lead that comes into the stage, one after the other. */
export function ActionFields({ actions, onChange }: ActionFieldsProps) {
  const t = useText()
  return (
    <div className="grid grid-cols-1 gap-5">
      {actions.map((action, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: actions have no other identity than their place
        <fieldset key={place} className="l-route">
          <legend className="k-hidden">{t(`lifecycle.action.${action.kind}`)}</legend>
          <div className="l-route-head">
            <strong>{t(`lifecycle.action.${action.kind}`)}</strong>
            <IconButton
              icon="close"
              label={t('lifecycle.form.removeAction', { action: t(`lifecycle.action.${action.kind}`) })}
              onClick={() => onChange(actions.filter((_, at) => at !== place))}
            />
          </div>
          <OneAction
            action={action}
            place={place}
            onChange={next => onChange(actions.map((each, at) => (at === place ? next : each)))}
          />
        </fieldset>
      ))}
      {actions.length < most && (
        <div>
          <Menu
            align="start"
            trigger={
              <Button size="small" kind="dashed" icon="plus">
                {t('lifecycle.form.addAction')}
              </Button>
            }
          >
            {kinds.map(kind => (
              <MenuItem key={kind} onSelect={() => onChange([...actions, firsts[kind]])}>
                {t(`lifecycle.action.${kind}`)}
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </div>
  )
}

interface OneActionProps<Action extends StageAction = StageAction> {
  action: Action
  place: number
  onChange: (action: StageAction) => void
}

function OneAction({ action, place, onChange }: OneActionProps) {
  const t = useText()
  switch (action.kind) {
    case 'notify':
      return (
        <>
          <Recipients
            label={t('lifecycle.form.notify.to')}
            hint={t('lifecycle.form.notify.hint')}
            most={10}
            withoutOwner
            value={action.to}
            onChange={to => onChange({ ...action, to: to.filter(isReceiver) })}
          />
          <Channels chosen={action.channels} onChange={channels => onChange({ ...action, channels })} />
        </>
      )
    case 'sync':
      return (
        <>
          <p className="text-t2">{t('lifecycle.form.sync.text')}</p>
          <Channels kind="webhook" chosen={action.channels} onChange={channels => onChange({ ...action, channels })} />
          <Link to="/settings/channels" className="k-link">
            {t('lifecycle.form.sync.setChannels')}
          </Link>
        </>
      )
    case 'create_customer':
      return <CustomerFields action={action} place={place} onChange={onChange} />
    case 'welcome_mail':
      return <MailFields action={action} place={place} onChange={onChange} />
  }
}

function isReceiver(recipient: { kind: string }): recipient is ColleagueChoice {
  return recipient.kind === 'member' || recipient.kind === 'role' || recipient.kind === 'team'
}

function CustomerFields({
  action,
  place,
  onChange,
}: OneActionProps<Extract<StageAction, { kind: 'create_customer' }>>) {
  const t = useText()
  const members = useAllMembers() ?? []
  return (
    <>
      <p className="text-t2">{t('lifecycle.form.customer.text')}</p>
      <div className="l-line" data-wide>
        <Field label={t('lifecycle.form.customer.status')} name={`actions.${place}.status`}>
          <Select
            value={action.status}
            options={customerStatuses.map(value => ({ value, label: t(`record.status.${value}`) }))}
            onChange={event => {
              const chosen = event.currentTarget.value
              onChange({ ...action, status: customerStatuses.find(each => each === chosen) ?? 'ONBOARDING' })
            }}
          />
        </Field>
        <Field label={t('lifecycle.form.customer.owner')} name={`actions.${place}.ownerId`}>
          <Select
            value={action.ownerId ?? ''}
            options={[
              { value: '', label: t('lifecycle.form.customer.nobody') },
              ...members.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={event => onChange({ ...action, ownerId: event.currentTarget.value || null })}
          />
        </Field>
      </div>
    </>
  )
}

function MailFields({ action, place, onChange }: OneActionProps<Extract<StageAction, { kind: 'welcome_mail' }>>) {
  const t = useText()
  return (
    <>
      <p className="text-t2">{t('lifecycle.form.mail.text', { variables: '{{name}} {{company}}' })}</p>
      {(['Ja', 'En'] as const).map(language => (
        <div key={language} className="l-fields">
          <Field
            label={t(`lifecycle.form.mail.subject.${language}`)}
            name={`actions.${place}.subject${language}`}
            required
          >
            <TextInput
              maxLength={200}
              value={action[`subject${language}`]}
              onChange={event => onChange({ ...action, [`subject${language}`]: event.currentTarget.value })}
            />
          </Field>
          <Field label={t(`lifecycle.form.mail.body.${language}`)} name={`actions.${place}.body${language}`} required>
            <Textarea
              rows={6}
              maxLength={10_000}
              value={action[`body${language}`]}
              onChange={event => onChange({ ...action, [`body${language}`]: event.currentTarget.value })}
            />
          </Field>
        </div>
      ))}
    </>
  )
}
