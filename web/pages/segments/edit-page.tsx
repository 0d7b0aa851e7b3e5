import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { createSegment, getSegment, listSegments, updateSegment } from '../../../server/signals/segments/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { LiveCount } from '../../features/conditions/live-count.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, RadioGroup, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import './segments.css'

type Segment = RouteReply<typeof getSegment>

/** A segment that is made. */
export function NewSegmentPage() {
  const t = useText()
  return (
    <Screen title={t('segments.new')}>
      <Page>
        <SegmentForm />
      </Page>
    </Screen>
  )
}

/** A segment whose condition and names are changed. */
export function EditSegmentPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/segments/$id/edit' })
  const { data, error } = useRoute(getSegment, { params: { id } })
  return (
    <Screen title={t('segments.edit')}>
      <Page>
        {error ? (
          <EmptyState title={t('segments.title')} text={wordsOf(error, t)} />
        ) : data ? (
          <SegmentForm segment={data} />
        ) : (
          <SkeletonRows rows={6} />
        )}
      </Page>
    </Screen>
  )
}

function SegmentForm({ segment }: { segment?: Segment }) {
  const t = useText()
  const navigate = useNavigate()
  const [record, setRecord] = useState<'customer' | 'contact'>(segment?.record ?? 'customer')
  const [kind, setKind] = useState<'static' | 'dynamic'>(segment?.kind ?? 'dynamic')
  const [condition, setCondition] = useState<Condition>(segment?.condition ?? { all: [] })
  const create = useCommand(createSegment, { quiet: true, stale: [listSegments.path] })
  const update = useCommand(updateSegment, { quiet: true, stale: [listSegments.path] })
  const open = (id: string) => {
    toastDone(t('segments.saved'))
    void navigate({ to: '/segments/$id', params: { id } })
  }
  return (
    <Form
      submit={t(segment ? 'segments.save' : 'segments.create')}
      onCancel={() => (segment ? open(segment.id) : void navigate({ to: '/segments' }))}
      onSubmit={async values => {
        const nameJa = values.text('nameJa')
        const names = {
          nameJa,
          nameEn: values.text('nameEn') || nameJa,
          description: values.text('description') || null,
        }
        const what = kind === 'dynamic' ? { condition } : {}
        const saved = segment
          ? await update.run({ params: { id: segment.id }, body: { ...names, ...what } })
          : await create.run({ body: { ...names, ...what, record, kind, state: 'enabled' } })
        open(saved.id)
      }}
    >
      <div className="s-form">
        <div className="s-main">
          <Field label={t('segments.nameJa')} name="nameJa" required>
            <TextInput maxLength={100} defaultValue={segment?.nameJa} />
          </Field>
          <Field label={t('segments.nameEn')} name="nameEn">
            <TextInput maxLength={100} defaultValue={segment?.nameEn} />
          </Field>
          <Field label={t('segments.description')} name="description">
            <Textarea maxLength={1_000} defaultValue={segment?.description ?? ''} />
          </Field>
          {!segment && (
            <>
              <RadioGroup
                label={t('segments.record')}
                name="record"
                value={record}
                onChange={next => {
                  setRecord(next === 'contact' ? 'contact' : 'customer')
                  setCondition({ all: [] })
                }}
                options={(['customer', 'contact'] as const).map(value => ({
                  value,
                  label: t(`segments.record.${value}`),
                }))}
              />
              <RadioGroup
                label={t('segments.kind')}
                name="kind"
                value={kind}
                onChange={next => setKind(next === 'static' ? 'static' : 'dynamic')}
                options={(['dynamic', 'static'] as const).map(value => ({ value, label: t(`segments.kind.${value}`) }))}
              />
            </>
          )}
          {kind === 'dynamic' && (
            <section aria-label={t('segments.condition')}>
              <p className="k-label">{t('segments.condition')}</p>
              <ConditionBuilder record={record} value={condition} onChange={setCondition} />
            </section>
          )}
        </div>
        {kind === 'dynamic' && (
          <aside>
            <LiveCount record={record} condition={condition} />
          </aside>
        )}
      </div>
    </Form>
  )
}
