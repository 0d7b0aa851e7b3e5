import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { createImport } from '../../../server/collect/imports/contract/imports.ts'
import { listImportMappings } from '../../../server/collect/imports/contract/mappings.ts'
import { type ImportKind, importKinds } from '../../../server/collect/imports/contract/shapes.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { RadioGroup, Select } from '../../kit/field.tsx'
import { Page, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { Permitted } from '../settings/permitted.tsx'
import { FileDrop } from './file-drop.tsx'
import { saveSample } from './sample.ts'
import { sendFile } from './uploads.ts'
import './imports.css'

/** Begins an import: what is in the file, and the file. The rest happens on the page of the import. */
export function NewImportPage() {
  const t = useText()
  return (
    <Screen title={t('imports.new')} crumbs={[{ label: t('imports.title'), to: '/imports' }]}>
      <Page narrow>
        <Permitted permission="imports.manage">
          <Beginning />
        </Permitted>
      </Page>
    </Screen>
  )
}

function Beginning() {
  const t = useText()
  const navigate = useNavigate()
  const search = useSearch({ from: '/workspace/imports/new' })
  const saved = useRoute(listImportMappings).data?.items ?? []
  const chosen = saved.find(mapping => mapping.id === search.mapping)
  const kind = chosen?.kind ?? search.kind ?? 'customers'
  const [fault, setFault] = useState<string | null>(null)
  const begin = useCommand(createImport, { quiet: true })

  const take = async (file: File) => {
    if (file.size === 0) return setFault(t('imports.fileEmpty', { name: file.name }))
    setFault(null)
    try {
      const body = { kind, fileName: file.name, size: file.size, ...(chosen && { mappingId: chosen.id }) }
      const { id } = await begin.run({ body })
      void sendFile(id, file, 0)
      await navigate({ to: '/imports/$id', params: { id } })
    } catch (problem) {
      setFault(wordsOf(problem, t))
    }
  }
  const setKind = (next: string) => {
    const known = importKinds.find(each => each === next)
    void navigate({ to: '/imports/new', search: known ? { kind: known } : {}, replace: true, resetScroll: false })
  }
  const ofKind = saved.filter(mapping => mapping.kind === kind)
  return (
    <>
      <Section title={t('imports.what')}>
        <div className="im-kinds">
          <RadioGroup
            label={t('imports.kind')}
            name="kind"
            value={kind}
            onChange={setKind}
            options={importKinds.map((each: ImportKind) => ({
              value: each,
              label: t(`imports.kind.${each}`),
              hint: t(`imports.kindHint.${each}`),
            }))}
          />
        </div>
      </Section>
      <Section
        title={t('imports.file')}
        end={
          <Button
            size="small"
            kind="quiet"
            icon="download"
            onClick={() => saveSample(`kizuna-${kind}.csv`, t(`imports.sample.${kind}`))}
          >
            {t('imports.sample', { kind: t(`imports.kind.${kind}`) })}
          </Button>
        }
      >
        <div className="grid gap-4">
          {ofKind.length > 0 && (
            <div className="im-saved">
              <Select
                aria-label={t('imports.useMapping')}
                placeholder={t('imports.suggested')}
                value={chosen?.id ?? ''}
                options={ofKind.map(mapping => ({ value: mapping.id, label: mapping.name }))}
                onChange={event =>
                  void navigate({
                    to: '/imports/new',
                    search: { kind, ...(event.currentTarget.value && { mapping: event.currentTarget.value }) },
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
            </div>
          )}
          {fault && (
            <Note tone="red" alert>
              {fault}
            </Note>
          )}
          <FileDrop
            title={t('imports.drop')}
            hint={t('imports.dropHint')}
            choose={t('imports.choose')}
            pending={begin.pending}
            onFile={file => void take(file)}
          />
        </div>
      </Section>
    </>
  )
}
