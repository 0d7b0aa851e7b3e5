import { Command as Cmdk } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useText } from '../i18n/provider.tsx'
import { type Command, useOfferedCommands } from './commands.ts'
import { Icon } from './icon.tsx'
import { Kbd, Keys } from './kbd.tsx'

/**
 * Search and commands, opened by Ctrl/Cmd+K. Enter and the arrows of an IME's conversion stay the IME's: cmdk leaves
 * keys alone while a composition runs, and so does the Escape below.
 */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText()
  const commands = useOfferedCommands()
  const groups = [...new Set(commands.map(command => command.group))]
  const run = (command: Command) => {
    onClose()
    command.run()
  }
  return (
    <Radix.Root open={open} onOpenChange={next => !next && onClose()}>
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
              <Cmdk.Input placeholder={t('kit.palette.placeholder')} />
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
                        keywords={command.keywords}
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
