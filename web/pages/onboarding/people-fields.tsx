import { namedRoles } from '../../../server/engage/onboarding/contract/definition.ts'
import { useAllMembers } from '../../features/identity/all-members.ts'
import { useText } from '../../i18n/provider.tsx'
import { Field, Select } from '../../kit/field.tsx'
import type { TemplateDraft } from './draft.ts'

interface PeopleFieldsProps {
  people: TemplateDraft['people']
  onChange: (people: TemplateDraft['people']) => void
}

/** Who has which role in journeys that begin from now on. */
export function PeopleFields({ people, onChange }: PeopleFieldsProps) {
  const t = useText()
  const members = useAllMembers() ?? []
  return namedRoles.map(role => (
    <Field key={role} label={t(`onboarding.role.${role}`)} name={`people.${role}`} required>
      <Select
        value={people[role] ?? ''}
        required={false}
        placeholder={t('onboarding.edit.byLoad')}
        onChange={event => {
          const { [role]: _, ...others } = people
          onChange(event.target.value ? { ...others, [role]: event.target.value } : others)
        }}
        options={members.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Field>
  ))
}
