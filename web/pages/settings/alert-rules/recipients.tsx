import { useState } from 'react'
import type { AlertRecipient } from '../../../../server/engage/alerts/contract/rules.ts'
import { listTeams } from '../../../../server/platform/identity/contract/company.ts'
import { useRoutePages } from '../../../api/hooks.ts'
import { useAllMembers } from '../../../features/identity/all-members.ts'
import { useRoleOptions } from '../../../features/identity/role-options.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { Popover } from '../../../kit/popover.tsx'
import { type Option, SearchList } from '../../../kit/search-select.tsx'
import './alert-rules.css'

interface RecipientsProps {
  label: string
  hint?: string
  value: readonly AlertRecipient[]
  most: number
  /** What it is about has no CSM. */
  withoutOwner?: boolean
  onChange: (value: AlertRecipient[]) => void
}

function textOf(recipient: AlertRecipient): string {
  switch (recipient.kind) {
    case 'role':
      return `role:${recipient.role}`
    case 'member':
    case 'team':
      return `${recipient.kind}:${recipient.id}`
    default:
      return recipient.kind
  }
}

/** Everybody who can be told, as choices. */
function useChoices(): { option: Option; recipient: AlertRecipient }[] {
  const t = useText()
  const roles = useRoleOptions()
  const members = useAllMembers() ?? []
  const teams = useRoutePages(listTeams, { query: { limit: 200 } }).rows ?? []
  const choices: { label: string; recipient: AlertRecipient; hint?: string }[] = [
    { label: t('rules.who.owner'), recipient: { kind: 'owner' } },
    { label: t('rules.who.owner_lead'), recipient: { kind: 'owner_lead' } },
    ...roles.map(({ value }) => ({
      label: t('rules.who.role', { role: t(`roles.${value}`) }),
      recipient: { kind: 'role', role: value } as const,
    })),
    ...teams.map(({ id, name }) => ({
      label: t('rules.who.team', { team: name }),
      recipient: { kind: 'team', id } as const,
    })),
    ...members.map(({ id, name, email }) => ({ label: name, hint: email, recipient: { kind: 'member', id } as const })),
  ]
  return choices.map(({ label, hint, recipient }) => ({
    recipient,
    option: { value: textOf(recipient), label, ...(hint && { hint }) },
  }))
}

/** Who: an ordered row of people, roles and teams. */
export function Recipients({ label, hint, value, most, withoutOwner, onChange }: RecipientsProps) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const choices = useChoices().filter(({ recipient: { kind } }) => !withoutOwner || !kind.startsWith('owner'))
  const nameOf = (recipient: AlertRecipient) =>
    choices.find(({ option }) => option.value === textOf(recipient))?.option.label ?? t('rules.who.gone')
  return (
    <fieldset>
      <legend className="k-label">{label}</legend>
      <div className="l-people">
        {value.map((recipient, place) => (
          <span key={textOf(recipient)} className="l-person">
            {nameOf(recipient)}
            <IconButton
              icon="close"
              label={t('rules.removePerson', { name: nameOf(recipient) })}
              onClick={() => onChange(value.filter((_, at) => at !== place))}
            />
          </span>
        ))}
        {value.length < most && (
          <Popover
            label={t('rules.addPerson')}
            open={open}
            onOpenChange={setOpen}
            flush
            trigger={
              <Button size="small" kind="dashed" icon="plus" aria-label={`${label}: ${t('rules.addPerson')}`}>
                {t('rules.addPerson')}
              </Button>
            }
          >
            <SearchList
              label={t('rules.addPerson')}
              options={choices
                .map(({ option }) => option)
                .filter(({ value: kind }) => !withoutOwner || !kind.startsWith('owner'))
                .filter(option => !value.some(each => textOf(each) === option.value))}
              value=""
              placeholder={t('rules.findPerson')}
              none={t('rules.nobodyFound')}
              onChange={chosen => {
                const choice = choices.find(({ option }) => option.value === chosen)
                if (choice) onChange([...value, choice.recipient])
                setOpen(false)
              }}
            />
          </Popover>
        )}
      </div>
      {hint && <p className="k-hint">{hint}</p>}
    </fieldset>
  )
}
