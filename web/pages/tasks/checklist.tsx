import { useState } from 'react'
import type { ChecklistItem } from '../../../server/engage/tasks/contract/shapes.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Checkbox, TextInput } from '../../kit/field.tsx'

interface ChecklistProps {
  items: readonly ChecklistItem[]
  disabled: boolean
  onTick: (id: string, done: boolean) => Promise<unknown>
  onChange: (items: ChecklistItem[]) => void
}

/** The steps of a task: ticked, added, put in order, removed. */
export function Checklist({ items, disabled, onTick, onChange }: ChecklistProps) {
  const t = useText()
  const [typed, setTyped] = useState('')
  // What was ticked shows at once; the server's word counts as soon as it is there.
  const [ticking, setTicking] = useState<Readonly<Record<string, boolean>>>({})
  const tick = async (id: string, done: boolean) => {
    setTicking(others => ({ ...others, [id]: done }))
    await onTick(id, done)
    setTicking(({ [id]: _, ...others }) => others)
  }
  const add = () => {
    const text = typed.trim()
    if (text === '') return
    onChange([...items, { id: crypto.randomUUID(), text, done: false }])
    setTyped('')
  }
  const move = (place: number, step: number) => {
    const next = [...items]
    const [item] = next.splice(place, 1)
    next.splice(place + step, 0, item!)
    onChange(next)
  }
  return (
    <div className="t-checklist">
      {items.length > 0 && (
        <ul>
          {items.map((item, place) => (
            <li key={item.id}>
              <Checkbox
                label={<span data-done={item.done || undefined}>{item.text}</span>}
                checked={ticking[item.id] ?? item.done}
                disabled={disabled}
                onChange={event => void tick(item.id, event.currentTarget.checked)}
              />
              {!disabled && (
                <span className="t-checklist-tools">
                  <IconButton
                    icon="up"
                    label={t('tasks.item.up', { text: item.text })}
                    disabled={place === 0}
                    onClick={() => move(place, -1)}
                  />
                  <IconButton
                    icon="down"
                    label={t('tasks.item.down', { text: item.text })}
                    disabled={place === items.length - 1}
                    onClick={() => move(place, 1)}
                  />
                  <IconButton
                    icon="trash"
                    label={t('tasks.item.remove', { text: item.text })}
                    onClick={() => onChange(items.filter(each => each !== item))}
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {!disabled && (
        <div className="t-add">
          <TextInput
            aria-label={t('tasks.item.new')}
            placeholder={t('tasks.item.new')}
            maxLength={300}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            onKeyDown={event => {
              // The Enter that ends a conversion belongs to the IME.
              if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return
              event.preventDefault()
              add()
            }}
          />
          <Button size="small" onClick={add} disabled={typed.trim() === ''}>
            {t('tasks.item.add')}
          </Button>
        </div>
      )}
    </div>
  )
}
