// Catches what breaks while drawing, so that a guard sees words and a button instead of an empty screen.
import { Component, type ReactNode } from "react";
import { Translation } from "react-i18next";
import { Empty } from "./Loaded";

interface State {
  broken: boolean;
}

export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(): State {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <Empty icon="broken" title={t("load.crashed")} text={t("load.crashed_text")}>
            <button type="button" className="button" onClick={() => window.location.reload()}>
              {t("load.reload")}
            </button>
          </Empty>
        )}
      </Translation>
    );
  }
}
