#!/bin/sh
# Follows a site's police feed page by page, and keeps its place in a file. Needs curl and jq.
#   FEED=https://gate.school.example TOKEN=... sh police-feed.sh place.txt >> cases.jsonl
file=${1:-place.txt}
while :; do
  place=$(cat "$file" 2>/dev/null)
  status=$(curl -sS -G -o "$file.page" -w '%{http_code}' -H "Authorization: Bearer $TOKEN" \
    --data-urlencode "limit=100" ${place:+--data-urlencode "after=$place"} "$FEED/police/entries")
  more=false
  case $status in
    200)
      jq -c '.items[]' "$file.page"
      more=$(jq -r '.more' "$file.page")
      # Whole or not at all: a place that is half written would be no place.
      jq -r '.next' "$file.page" > "$file.new" && mv "$file.new" "$file"
      ;;
    409) # Restored from a backup: everything from the beginning, by case and raised_at.
      rm -f "$file"
      ;;
    *) # The gateway is away, or refuses: ask again later, from the same place.
      echo "$status" >&2
      ;;
  esac
  rm -f "$file.page"
  [ -z "$ONCE" ] || break
  [ "$more" = true ] || sleep "${EVERY_S:-5}"
done
