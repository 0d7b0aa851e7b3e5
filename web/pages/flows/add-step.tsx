import type { ReactNode } from 'react'
import type { StepKind } from '../../../server/engage/flows/contract/steps.ts'
import { useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Menu, MenuItem, MenuRule } from '../../kit/menu.tsx'
import { stepGroups, stepIcons } from './words.ts'

interface AddStepProps {
  label: string
  onAdd: (kind: StepKind) => void
  children?: ReactNode
}

/** A plus that offers the kinds of steps. */
export function AddStep({ label, onAdd, children }: AddStepProps) {
  const t = useText()
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="fl-add" aria-label={label}>
          <Icon name="plus" size="small" />
          {children}
        </button>
      }
    >
      {stepGroups.map(({ name, kinds }, place) => (
        <div key={name}>
          {place > 0 && <MenuRule />}
          {kinds.map(kind => (
            <MenuItem key={kind} icon={stepIcons[kind]} onSelect={() => onAdd(kind)}>
              {t(`flows.step.${kind}`)}
            </MenuItem>
          ))}
        </div>
      ))}
    </Menu>
  )
}
