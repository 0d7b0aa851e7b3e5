import { Command as Cmdk } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useEffect, useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import { type Command, useOfferedCommands } from './commands.ts'
import { useDebounced } from './debounced.ts'
import { Icon } from './icon.tsx'
import { Kbd, Keys } from './kbd.tsx'

interface CommandPaletteProps {
  open: boolean
  onClose: () => void
  /** Looks for records by what is typed; they stand before the commands. */
  find?: (text: string) => Promise<readonly Command[]>
}

/** What was found for the text that was typed last. */
function useFound(text: string, find: CommandPaletteProps['find']): readonly Command[] {
  const settled = useDebounced(text.trim())
  const [found, setFound] = useState<readonly Command[]>([])
  useEffect(() => {
    let late = false
    if (!find || settled === '') setFound([])
    else
      find(settled).then(
        next => !late && setFound(next),
        () => !late && setFound([]),
      )
    return () => {
      late = true
    }
  }, [settled, find])
  return text.trim() === '' ? [] : found
}

/**
 * Search and commands, opened by Ctrl/Cmd+K. Enter and the arrows of an IME's conversion stay the IME's: cmdk leaves
 * keys alone while a composition runs, and so does the Escape below.
 */
export function CommandPalette({ open, onClose, find }: CommandPaletteProps) {
  const t = useText()
  const [text, setText] = useState('')
  const found = useFound(text, find)
  const commands = [...found, ...useOfferedCommands()]
  const groups = [...new Set(commands.map(command => command.group))]
  const close = () => {
    setText('')
    onClose()
  }
  const run = (command: Command) => {
    close()
    command.run()
  }
  return (
    <Radix.Root open={open} onOpenChange={next => !next && close()}>
      <Radix.Portal>
        <Radix.Overlay className="k-veil" />
        <Radix.Content
          className="k-float k-palette"
          aria-describedby={undefined}
          onEscapeKeyDown={event => {
            if (event.isComposing || event.keyCode === 229) event.preventDefault()
          }}
        >
          <Radix.Title className="k-hidden">{t('kit.palette.title')}</Radix.Title>
          <Cmdk label={t('kit.palette.title')} loop>
            <div className="k-palette-input">
              <Icon name="search" />
              <Cmdk.Input placeholder={t('kit.palette.placeholder')} value={text} onValueChange={setText} />
              <Kbd>Esc</Kbd>
            </div>
            <Cmdk.List className="k-palette-list" label={t('kit.palette.title')}>
              <Cmdk.Empty>{t('kit.palette.none')}</Cmdk.Empty>
              {groups.map(group => (
                <Cmdk.Group key={group} heading={group}>
                  {commands
                    .filter(command => command.group === group)
                    .map(command => (
                      <Cmdk.Item
                        key={command.id}
                        className="k-menu-item"
                        value={`${command.label} ${command.id}`}
                        // What the server found fits, whatever the words of the line are.
                        keywords={found.includes(command) ? [text] : command.keywords}
                        onSelect={() => run(command)}
                      >
                        {command.icon && <Icon name={command.icon} />}
                        <span>{command.label}</span>
                        {command.keys && <Keys keys={command.keys} />}
                      </Cmdk.Item>
                    ))}
                </Cmdk.Group>
              ))}
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
