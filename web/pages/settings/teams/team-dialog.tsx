import { useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { createTeam, type listTeams, updateTeam } from '../../../../server/platform/identity/contract/company.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useAllMembers } from '../../../features/identity/all-members.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Checkbox, Field, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'

export type Team = RouteReply<typeof listTeams>['items'][number]

export const staleTeams = ['/api/v1/teams', '/api/v1/members']

/** Name and members of a team, new or known. */
export function TeamDialog({ team, onClose }: { team: Team | undefined; onClose: () => void }) {
  const t = useText()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(team?.members.map(member => member.id)))
  const create = useCommand(createTeam, { quiet: true, stale: staleTeams })
  const change = useCommand(updateTeam, { quiet: true, stale: staleTeams })
  return (
    <Dialog open onClose={onClose} title={team ? t('teams.editTitle', { name: team.name }) : t('teams.createTitle')}>
      <Form
        submit={t(team ? 'settings.save' : 'teams.createSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = { name: values.text('name'), memberIds: [...chosen] }
          if (team) await change.run({ params: { id: team.id }, body })
          else await create.run({ body })
          toastDone(t(team ? 'teams.changed' : 'teams.created', { name: body.name }))
          onClose()
        }}
      >
        <Field label={t('teams.name')} name="name" required>
          <TextInput maxLength={80} defaultValue={team?.name} autoComplete="off" />
        </Field>
        <MemberPicker chosen={chosen} onChange={setChosen} />
      </Form>
    </Dialog>
  )
}

interface MemberPickerProps {
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
}

function MemberPicker({ chosen, onChange }: MemberPickerProps) {
  const t = useText()
  const members = useAllMembers()
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase()
  const shown = members?.filter(member => `${member.name} ${member.email}`.toLowerCase().includes(wanted))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <fieldset>
      <legend className="k-label">
        {t('teams.members')} <small role="status">{t('teams.chosen', { count: chosen.size })}</small>
      </legend>
      <TextInput
        type="search"
        icon="search"
        aria-label={t('members.search')}
        placeholder={t('members.search')}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        // Enter searches; it must not send the form around.
        onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
      />
      <div className="s-picker">
        {shown === undefined ? (
          <SkeletonRows rows={4} />
        ) : shown.length === 0 ? (
          <p className="text-t3">{t('members.none')}</p>
        ) : (
          shown.map(member => (
            <Checkbox
              key={member.id}
              label={member.name}
              hint={`${t(`roles.${member.role}`)} · ${member.email}`}
              checked={chosen.has(member.id)}
              onChange={() => toggle(member.id)}
            />
          ))
        )}
      </div>
    </fieldset>
  )
}
