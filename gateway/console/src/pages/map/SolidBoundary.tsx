// The solid view may fail where the flat one does not: its code cannot be fetched, or the graphics card gave up.
import { Component, type ReactNode } from "react";
import { Translation } from "react-i18next";

interface Props {
  fallback: ReactNode;
  children: ReactNode;
}

export class SolidBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <>
        <p className="map-note" role="status">
          <Translation>{(t) => t("map.solid_failed")}</Translation>
        </p>
        {this.props.fallback}
      </>
    );
  }
}
