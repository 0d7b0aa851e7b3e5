import type { Assignment } from '../../../server/engage/tasks/contract/shapes.ts'
import { useText } from '../../i18n/provider.tsx'
import { Field } from '../../kit/field.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { assignmentOf, useAssigneeOptions } from '../tasks/assignees.ts'

interface AssignmentFieldProps {
  label: string
  value: Assignment
  onChange: (value: Assignment) => void
}

function textOf(assignment: Assignment): string {
  switch (assignment.kind) {
    case 'member':
      return `member:${assignment.id}`
    case 'team':
      return `team:${assignment.id}:${assignment.by}`
    case 'role':
      return `role:${assignment.role}:${assignment.by}`
    default:
      return assignment.kind
  }
}

/** Who gets the work: the CSM, a colleague, a team or a role in turn or by load. */
export function AssignmentField({ label, value, onChange }: AssignmentFieldProps) {
  const t = useText()
  const known = useAssigneeOptions({ owner: true })
  const text = textOf(value)
  const options =
    value.kind === 'role' && !known.some(option => option.value === text)
      ? [...known, { value: text, label: t(`roles.${value.role}`), hint: t('tasks.role') }]
      : known
  return (
    <Field label={label} required>
      <SearchSelect
        label={label}
        options={options}
        value={text}
        placeholder={t('tasks.findAssignee')}
        none={t('tasks.noAssignee')}
        onChange={chosen => onChange(assignmentOf(chosen))}
      />
    </Field>
  )
}
