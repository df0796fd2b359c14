// A dialog over the page; the browser's own, so that focus and Escape work as they should.
import { type ReactElement, type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";

interface Props {
  title: string;
  /** Where the keyboard begins; else at the title. Never at what closes it: who presses Enter at once would lose it. */
  first?: RefObject<HTMLElement | null>;
  onClose(): void;
  children: ReactNode;
}

export function Dialog({ title, first, onClose, children }: Props): ReactElement {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Before anything is drawn or taken away: only a dialog that stands in the page can give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    (first ?? heading).current?.focus();
    return () => element?.close();
  }, [first]);
  return (
    <dialog ref={dialog} className="dialog" aria-label={title} onClose={onClose}>
      <header className="dialog-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="button button-plain" aria-label={t("action.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
