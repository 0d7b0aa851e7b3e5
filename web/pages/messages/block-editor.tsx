import type { Block } from '../../../server/engage/messages/contract/blocks.ts'
import { listSharedBlocks } from '../../../server/engage/messages/contract/templates.ts'
import { useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'

/** A block with a name of its own, so that it keeps its place on the screen while others move. */
export interface EditedBlock {
  id: string
  block: Block
}

/** Kinds of blocks that hold no others. */
const simpleKinds = ['heading', 'text', 'button', 'image', 'list', 'divider'] as const
const kinds = [...simpleKinds, 'columns', 'reusable'] as const

const fresh: Record<(typeof kinds)[number], Block> = {
  heading: { kind: 'heading', text: '', level: 1 },
  text: { kind: 'text', text: '' },
  button: { kind: 'button', label: '', url: 'https://' },
  image: { kind: 'image', url: 'https://', alt: '', width: 536 },
  list: { kind: 'list', items: [''], ordered: false },
  divider: { kind: 'divider' },
  columns: { kind: 'columns', left: [{ kind: 'text', text: '' }], right: [{ kind: 'text', text: '' }] },
  reusable: { kind: 'reusable', key: '' },
}

interface BlockEditorProps {
  blocks: readonly EditedBlock[]
  onChange: (blocks: EditedBlock[]) => void
  /** Of a shared block: neither columns nor other shared ones. */
  simple?: boolean
}

/** The blocks of a message, each with its texts; added, moved and removed by buttons, so that a keyboard does. */
export function BlockEditor({ blocks, onChange, simple }: BlockEditorProps) {
  const t = useText()
  const move = (from: number, to: number) => {
    const next = [...blocks]
    const [moved] = next.splice(from, 1)
    if (moved) next.splice(to, 0, moved)
    onChange(next)
  }
  return (
    <section className="m-stack" aria-label={t('mailing.blocks')}>
      <p className="text-t3">{t('mailing.mergeHint')}</p>
      {blocks.map(({ id, block }, place) => {
        const name = t('mailing.blockAt', { kind: t(`mailing.block.${block.kind}`), place: place + 1 })
        return (
          <fieldset key={id} className="m-block" aria-label={name}>
            <div className="m-block-head">
              <strong>{t(`mailing.block.${block.kind}`)}</strong>
              <IconButton
                icon="chevron-up"
                label={`${t('mailing.up')}: ${name}`}
                disabled={place === 0}
                onClick={() => move(place, place - 1)}
              />
              <IconButton
                icon="chevron-down"
                label={`${t('mailing.down')}: ${name}`}
                disabled={place === blocks.length - 1}
                onClick={() => move(place, place + 1)}
              />
              <IconButton
                icon="close"
                label={`${t('mailing.remove')}: ${name}`}
                onClick={() => onChange(blocks.filter(each => each.id !== id))}
              />
            </div>
            <BlockFields
              block={block}
              onChange={next => onChange(blocks.map(each => (each.id === id ? { id, block: next } : each)))}
            />
          </fieldset>
        )
      })}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs */}
      <div className="m-line" role="group" aria-label={t('mailing.addBlock')}>
        {(simple ? simpleKinds : kinds).map(kind => (
          <Button
            key={kind}
            size="small"
            kind="dashed"
            icon="plus"
            onClick={() => onChange([...blocks, { id: crypto.randomUUID(), block: fresh[kind] }])}
          >
            {t(`mailing.block.${kind}`)}
          </Button>
        ))}
      </div>
    </section>
  )
}

function BlockFields({ block, onChange }: { block: Block; onChange: (block: Block) => void }) {
  const t = useText()
  switch (block.kind) {
    case 'heading':
      return (
        <Field label={t('mailing.block.heading')} labelHidden>
          <TextInput value={block.text} onChange={event => onChange({ ...block, text: event.currentTarget.value })} />
        </Field>
      )
    case 'text':
      return (
        <Field label={t('mailing.block.text')} labelHidden>
          <Textarea
            rows={5}
            value={block.text}
            onChange={event => onChange({ ...block, text: event.currentTarget.value })}
          />
        </Field>
      )
    case 'button':
      return (
        <>
          <Field label={t('mailing.label')}>
            <TextInput
              value={block.label}
              onChange={event => onChange({ ...block, label: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('mailing.url')}>
            <TextInput value={block.url} onChange={event => onChange({ ...block, url: event.currentTarget.value })} />
          </Field>
        </>
      )
    case 'image':
      return (
        <>
          <Field label={t('mailing.url')}>
            <TextInput value={block.url} onChange={event => onChange({ ...block, url: event.currentTarget.value })} />
          </Field>
          <Field label={t('mailing.alt')}>
            <TextInput value={block.alt} onChange={event => onChange({ ...block, alt: event.currentTarget.value })} />
          </Field>
        </>
      )
    case 'list':
      return (
        <Field label={t('mailing.items')}>
          <Textarea
            rows={4}
            value={block.items.join('\n')}
            onChange={event => onChange({ ...block, items: event.currentTarget.value.split('\n') })}
          />
        </Field>
      )
    case 'columns':
      return (
        <>
          {(['left', 'right'] as const).map(side => (
            <Field key={side} label={t(`mailing.side.${side}`)}>
              <Textarea
                value={block[side].flatMap(part => (part.kind === 'text' ? [part.text] : [])).join('\n\n')}
                onChange={event => {
                  const others = block[side].filter(part => part.kind !== 'text')
                  onChange({ ...block, [side]: [{ kind: 'text', text: event.currentTarget.value }, ...others] })
                }}
              />
            </Field>
          ))}
        </>
      )
    case 'reusable':
      return <SharedChoice value={block.key} onChange={key => onChange({ ...block, key })} />
    case 'divider':
      return null
  }
}

/** Which shared block stands there. */
function SharedChoice({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  const t = useText()
  const shared = useRoute(listSharedBlocks).data?.items
  const options = (shared ?? []).map(({ key, name }) => ({ value: key, label: name }))
  // What is gone keeps its key in sight until another one is chosen.
  if (value !== '' && !options.some(option => option.value === value)) options.push({ value, label: value })
  return (
    <Field
      label={t('mailing.block.reusable')}
      labelHidden
      hint={shared?.length === 0 ? t('mailing.noBlocksText') : undefined}
    >
      <Select value={value} placeholder="–" options={options} onChange={event => onChange(event.currentTarget.value)} />
    </Field>
  )
}
