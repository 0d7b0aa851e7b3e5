import type { LinkProps } from '@tanstack/react-router'
import type { Permission } from '../../server/platform/permissions/contract.ts'
import type { TextKey } from '../i18n/text.ts'
import type { IconName } from '../kit/icon.tsx'

export interface NavigationEntry {
  to: LinkProps['to']
  label: TextKey
  /** For the bottom bar of a phone. */
  shortLabel?: TextKey
  icon: IconName
  /** `g` and a letter. */
  keys?: string
  /** Without it the entry is not shown. */
  permission?: Permission
}

interface NavigationGroup {
  /** The stage; the first group has none. */
  label?: TextKey
  entries: readonly NavigationEntry[]
}

/** The side navigation, by stage. A screen is entered here when it exists; a group without entries is not shown. */
export const navigation: readonly NavigationGroup[] = [
  { entries: [{ to: '/', label: 'frame.nav.home', shortLabel: 'frame.nav.home.short', icon: 'today', keys: 'g h' }] },
  { label: 'frame.nav.engage', entries: [] },
  { label: 'frame.nav.insights', entries: [] },
]

/** The screens behind "Settings"; the entry leads to the first of them that the person may open. */
export const settings: readonly NavigationEntry[] = []
