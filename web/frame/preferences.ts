import { useSyncExternalStore } from 'react'

export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]
export const densities = ['comfortable', 'compact'] as const
export type Density = (typeof densities)[number]

interface Preferences {
  theme: Theme
  density: Density
}

// public/before-paint.js reads the same keys before the first paint.
const keys = { theme: 'kizuna.theme', density: 'kizuna.density' } as const
const darkSystem = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function stored<Value extends string>(key: string, values: readonly Value[], otherwise: Value): Value {
  const text = localStorage.getItem(key)
  return values.find(value => value === text) ?? otherwise
}

let preferences: Preferences = {
  theme: stored(keys.theme, themes, 'system'),
  density: stored(keys.density, densities, 'comfortable'),
}

function apply() {
  const { theme, density } = preferences
  const dark = theme === 'dark' || (theme === 'system' && darkSystem.matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  document.documentElement.dataset.density = density
}
darkSystem.addEventListener('change', apply)

/** Changes how the page looks, at once, and remembers it in this browser. */
export function prefer(next: Partial<Preferences>): void {
  preferences = { ...preferences, ...next }
  localStorage.setItem(keys.theme, preferences.theme)
  localStorage.setItem(keys.density, preferences.density)
  apply()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Theme and row height as chosen here. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => preferences)
}
