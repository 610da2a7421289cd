package mining

import (
	"context"
	"database/sql"
)

// FillRemovalFit lets tests outside of the package fill marts.removal_fit.
func FillRemovalFit(ctx context.Context, conn *sql.Conn) error {
	return (&Build{}).fillRemovalFit(ctx, conn)
}
