import { matrix, type Role, roles } from '../../../server/platform/permissions/contract.ts'
import { useText } from '../../i18n/provider.tsx'

/** The roles as choices, from the widest to the narrowest. */
export function useRoleOptions(): { value: Role; label: string }[] {
  const t = useText()
  return roles.map(value => ({ value, label: t(`roles.${value}`) }))
}

/** The role of that name; undefined for any other text, such as what stands in an address. */
export function roleOf(text: unknown): Role | undefined {
  return roles.find(role => role === text)
}

/** Whether a role may do anything through the API. */
export function hasGrants(role: Role): boolean {
  return Object.keys(matrix[role]).length > 0
}
