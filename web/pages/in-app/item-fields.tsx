import type { InAppDocument } from '../../../server/engage/in-app/contract/document.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, TextInput } from '../../kit/field.tsx'

type Item = InAppDocument['items'][number]

interface ItemFieldsProps {
  items: readonly Item[]
  language: 'ja' | 'en'
  onChange(items: Item[]): void
}

/** Items of a checklist: what is to be done, and the event by which it is known. */
export function ItemFields({ items, language, onChange }: ItemFieldsProps) {
  const t = useText()
  const change = (place: number, part: Partial<Item>) => onChange(items.with(place, { ...items[place]!, ...part }))
  return (
    <section className="m-stack" aria-label={t('inApp.items')}>
      {items.map((item, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no ids, and their fields keep nothing of their own
        <div key={place} className="ia-item">
          <Field label={t('inApp.item')}>
            <TextInput
              maxLength={200}
              value={item[language]}
              onChange={event => change(place, { [language]: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('inApp.event')} hint={t('inApp.eventHint')}>
            <TextInput
              maxLength={200}
              value={item.event}
              onChange={event => change(place, { event: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('inApp.itemLink')}>
            <TextInput
              type="url"
              value={item.link ?? ''}
              onChange={event => change(place, { link: event.currentTarget.value || null })}
            />
          </Field>
          <Button onClick={() => onChange(items.filter((_, other) => other !== place))}>{t('inApp.removeItem')}</Button>
        </div>
      ))}
      <Button kind="dashed" icon="plus" onClick={() => onChange([...items, { ja: '', en: '', event: '', link: null }])}>
        {t('inApp.addItem')}
      </Button>
    </section>
  )
}
