import { useLocale } from "../../i18n/locale.tsx";
import type { Comparison, KeyFigures, Tile } from "../model.ts";

function ComparisonLine({ comparison }: { comparison: Comparison }) {
  const { pick, format } = useLocale();
  const { change_percent: change, label, tone } = comparison;
  const arrow = typeof change !== "number" || change === 0 ? "" : change > 0 ? "▲ " : "▼ ";
  return (
    <p className={`comparison ${tone}`}>
      {typeof change === "number" && (
        <b>
          <span aria-hidden="true">{arrow}</span>
          {format.change(change)}
        </b>
      )}{" "}
      {pick(label)}
    </p>
  );
}

function TileView({ tile }: { tile: Tile }) {
  const { pick, format, t } = useLocale();
  const is_money = tile.unit === format.currency;
  return (
    <li className="tile">
      <p className="tile-label">{pick(tile.label)}</p>
      <p className="tile-value">
        {tile.value === null ? (
          <span aria-label={t("page.no_value")}>–</span>
        ) : is_money ? (
          format.money(tile.value, tile.decimals)
        ) : (
          <>
            {format.number(tile.value, tile.decimals ?? 0)} <small>{tile.unit}</small>
          </>
        )}
      </p>
      {tile.comparison && <ComparisonLine comparison={tile.comparison} />}
    </li>
  );
}

export function KeyFiguresSection({ data }: { data: KeyFigures }) {
  const { pick } = useLocale();
  return (
    <>
      {data.summary && data.summary.length > 0 && (
        <div className="summary">
          {data.summary.map((sentence, index) => (
            <p key={index}>{pick(sentence)}</p>
          ))}
        </div>
      )}
      <ul className="tiles">
        {data.tiles.map((tile) => (
          <TileView key={tile.id} tile={tile} />
        ))}
      </ul>
    </>
  );
}
