import { Fragment } from 'react'

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** One key, as printed on it. */
export function Kbd({ children }: { children: string }) {
  return <kbd className="k-kbd">{children}</kbd>
}

/** Keys of a shortcut: `g h` are pressed one after the other, `mod+k` at once (mod is Ctrl, on a Mac Command). */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="k-keys">
      {keys.split(' ').map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one shortcut never move
        <Fragment key={at}>
          <Kbd>
            {part
              .split('+')
              .map(shown)
              .join(isMac ? '' : ' ')}
          </Kbd>
        </Fragment>
      ))}
    </span>
  )
}

function shown(key: string): string {
  if (key === 'mod') return isMac ? '⌘' : 'Ctrl'
  return key.length === 1 ? key.toUpperCase() : key
}
