import type { Returned } from '../../../returns.js';
import { distinct } from './distinct.js';
import type { ReturnForm } from './return-form.js';
import { page } from './page.js';
import { within } from './within.js';

/** A form with its values filled in. */
export interface FilledForm {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly select: string;
  readonly text: string;
}

const filled = <Form extends Returned>(form: ReturnForm<Form>, value: Form, k: number): FilledForm => ({
  columns: form.columns(value),
  rows: form.rows(value, k),
  select: form.select(value, k),
  text: form.text(value),
});

/** What is done with the nearest rows. */
export function returnForm(returned: Returned, k: number): FilledForm {
  if ('within' in returned) return filled(within, returned, k);
  return 'page' in returned ? filled(page, returned, k) : filled(distinct, returned, k);
}
