import { useState } from 'react'
import { listTags } from '../../../server/customers/attributes/contract/attributes.ts'
import { useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Checkbox, TextInput } from '../../kit/field.tsx'

/** Tags shown in a line before the rest becomes a number. */
const shownInLine = 2
/** Tags offered at once; typing narrows them down. */
const most = 40

/** Tags in one line: the first ones, and how many more. */
export function TagLine({ tags }: { tags: readonly string[] }) {
  return (
    <span className="r-tags" title={tags.join(' · ')}>
      {tags.slice(0, shownInLine).map(tag => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {tags.length > shownInLine && <small>+{tags.length - shownInLine}</small>}
    </span>
  )
}

interface TagEditorProps {
  tags: readonly string[]
  /** Called when the person is through, with what has changed. */
  onSave: (tags: string[]) => void
}

/** Ticks tags, known or new. */
export function TagEditor({ tags, onSave }: TagEditorProps) {
  const t = useText()
  const known = useRoute(listTags).data?.items.map(tag => tag.name) ?? []
  const [chosen, setChosen] = useState<readonly string[]>(tags)
  const [typed, setTyped] = useState('')
  const wanted = typed.trim()
  const all = [...new Set([...chosen, ...known])]
  const found = all.filter(name => name.toLowerCase().includes(wanted.toLowerCase())).slice(0, most)
  const isNew = wanted !== '' && !all.some(name => name.toLowerCase() === wanted.toLowerCase())
  const toggle = (name: string) =>
    setChosen(chosen.includes(name) ? chosen.filter(each => each !== name) : [...chosen, name])
  const add = () => {
    if (!isNew) return
    setChosen([...chosen, wanted])
    setTyped('')
  }
  return (
    <div className="r-tag-editor">
      <TextInput
        icon="search"
        aria-label={t('customers.tags.search')}
        placeholder={t('customers.tags.search')}
        value={typed}
        maxLength={60}
        onChange={event => setTyped(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
          event.preventDefault()
          const [first] = found
          if (isNew) add()
          else if (first && wanted) toggle(first)
          else onSave([...chosen])
        }}
      />
      {isNew && (
        <Button size="small" icon="plus" onClick={add}>
          {t('customers.tags.make', { name: wanted })}
        </Button>
      )}
      <div className="r-tag-list">
        {found.map(name => (
          <Checkbox key={name} label={name} checked={chosen.includes(name)} onChange={() => toggle(name)} />
        ))}
        {found.length === 0 && !isNew && <p className="text-t3">{t('customers.tags.none')}</p>}
      </div>
      <Button kind="primary" size="small" onClick={() => onSave([...chosen])}>
        {t('customers.tags.save')}
      </Button>
    </div>
  )
}
